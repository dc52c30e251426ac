import { type INestApplicationContext, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Parallel } from '@switchgear/executor';

/** A provider with a connection, which cannot be sent to a worker. */
@Injectable()
export class Prices {
  of(item: string): number {
    return item.length;
  }

  onModuleDestroy(): void {
    console.log('the connection is closed');
  }
}

let application: INestApplicationContext | undefined;

/** Each worker makes the providers for itself: an application without a server. */
@Parallel({
  create: async () => {
    application = await NestFactory.createApplicationContext(LabelsModule, { logger: false });
    return application.get(Labels);
  },
})
@Injectable()
export class Labels {
  constructor(private readonly prices: Prices) {}

  print(item: string): string {
    return `${item}: ${this.prices.of(item)} EUR`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await application?.close();
  }
}

@Module({ providers: [Prices, Labels] })
export class LabelsModule {}
