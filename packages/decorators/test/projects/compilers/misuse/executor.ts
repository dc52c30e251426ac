// What is written here is wrong, as in misuse.ts.
import { Parallel, ParallelExecutor } from '@switchgear/executor';

@Parallel()
export class Geocoder {
  constructor(readonly host: string) {}
  lookup(address: string): string {
    return this.host + address;
  }
}

@Parallel()
export class Words {
  readonly language = 'en';
  count(text: string): number {
    return text.length;
  }
  join(left: string, right: string): string {
    return left + right;
  }
}

const executor = new ParallelExecutor();
// first line: the constructor needs arguments: write { constructorArgs: […] } as the last argument
void executor.map(Geocoder, 'lookup', ['Vienna']);
// first line: the constructor needs arguments: write { constructorArgs: […] } as the last argument
void executor.stream(Geocoder, 'lookup', ['Vienna']);
// first line: the constructor needs arguments: write { constructorArgs: […] } as the last argument
void executor.run(Geocoder, 'lookup', ['Vienna']);
// cuont is no method of this class: write the name of one that takes one item
void executor.map(Words, 'cuont', ['one']);
// join is no method that takes one item: write the name of one that does
void executor.mapSettled(Words, 'join', ['one']);
// language is no method that takes one item: write the name of one that does
void executor.stream(Words, 'language', ['one']);
// cuont is no method of this class: write the name of one that takes one item
void executor.plan(Words, 'cuont', ['one']);
// language is no method of this class: write the name of one
void executor.run(Words, 'language', ['one']);
// Did you mean to write 'chunk'?
void executor.map(Words, 'count', ['one'], { chunkk: 2 });
