import type { Duration } from '@switchgear/core';
import { formatDuration, parseDuration } from '@switchgear/core';
import { expectTypeOf } from 'expect-type';

expectTypeOf<500>().toExtend<Duration>();
expectTypeOf<'250ms'>().toExtend<Duration>();
expectTypeOf<'1.5h'>().toExtend<Duration>();
expectTypeOf(parseDuration).returns.toEqualTypeOf<number | undefined>();
expectTypeOf(formatDuration).returns.toEqualTypeOf<string>();

// A number written as text has no unit, and weeks are none.
expectTypeOf<'30'>().not.toExtend<Duration>();
expectTypeOf<'2w'>().not.toExtend<Duration>();

// @ts-expect-error a duration that may not be one has to be looked at first
formatDuration(parseDuration('30s'));
