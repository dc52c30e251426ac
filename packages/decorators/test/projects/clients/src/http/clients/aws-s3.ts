import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { HttpClient } from '../client.js';

export const s3: HttpClient = {
  name: 'aws s3',
  connect: (endpoint) => {
    const clientWith = (requestTimeout?: number) =>
      new S3Client({
        region: 'eu-central-1',
        endpoint,
        forcePathStyle: true,
        maxAttempts: 1,
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
        requestHandler: requestTimeout === undefined ? {} : { requestTimeout, throwOnRequestTimeout: true },
      });
    return {
      ask: ({ signal, timeout } = {}) =>
        clientWith(timeout).send(new ListObjectsV2Command({ Bucket: 'b' }), {
          ...(signal && { abortSignal: signal }),
        }),
      upload: (body) =>
        clientWith().send(
          new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: body, ContentLength: 400_000 }),
        ),
    };
  },
};
