import { URL } from 'node:url';
import { Parallel } from '@switchgear/executor';

/** The query of the module's address says of which tenant it is. */
export class Tenant {
  who() {
    return new URL(import.meta.url).search;
  }
}
Parallel()(Tenant);
