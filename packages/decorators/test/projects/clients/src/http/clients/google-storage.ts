import { Storage } from '@google-cloud/storage';
import type { HttpClient } from '../client.js';

export const googleStorage: HttpClient = {
  name: 'google storage',
  takesSignals: false,
  keepsRedirects: false,
  connect: (apiEndpoint) => {
    const clientWith = (timeout?: number) =>
      new Storage({
        apiEndpoint,
        projectId: 'p',
        useAuthWithCustomEndpoint: false,
        retryOptions: { autoRetry: false, maxRetries: 0 },
        ...(timeout === undefined ? {} : { timeout }),
      });
    return {
      ask: ({ timeout } = {}) => clientWith(timeout).bucket('b').file('k').getMetadata(),
      upload: (body) =>
        new Promise((resolve, reject) => {
          const target = clientWith()
            .bucket('b')
            .file('k')
            .createWriteStream({ resumable: false, validation: false });
          target.on('error', reject).on('finish', () => resolve('stored'));
          body.on('error', reject).pipe(target);
        }),
    };
  },
};
