import {
  applyDecorators,
  type ArgumentMetadata,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  Catch,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  type PipeTransform,
  ServiceUnavailableException,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import { BaseExceptionFilter, Reflector } from '@nestjs/core';
import { CircuitBreakerError } from '@switchgear/core';
import { map, type Observable } from 'rxjs';

/** Lets in who brings the token that the route asks for. */
@Injectable()
export class TokenGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
    return headers['x-token'] === this.reflector.get<string>('token', context.getHandler());
  }
}

export function Token(token: string): MethodDecorator {
  return applyDecorators(SetMetadata('token', token), UseGuards(TokenGuard));
}

/** Adds which method answered. */
@Injectable()
export class Signature implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<string>): Observable<string> {
    return next.handle().pipe(map((answer) => `${answer}, by ${context.getHandler().name}`));
  }
}

/** Adds which type Nest takes a parameter for: it knows from metadata that the compiler emits. */
@Injectable()
export class Typed implements PipeTransform<unknown, string> {
  transform(value: unknown, { metatype }: ArgumentMetadata): string {
    return `${JSON.stringify(value)} (${metatype?.name})`;
  }
}

/** What a circuit refuses is answered by 503. */
@Catch(CircuitBreakerError)
export class Refusals extends BaseExceptionFilter {
  override catch({ code }: CircuitBreakerError, host: ArgumentsHost): void {
    super.catch(new ServiceUnavailableException(code), host);
  }
}
