import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  ParseIntPipe,
  Post,
  Query,
  UseInterceptors,
} from '@nestjs/common';
import { CircuitBreaker, Circuits, Retry } from '@switchgear/decorators';
import { Signature, Token, Typed } from './lifecycle.js';
import { Api, Weather } from './weather.js';

export class City {
  readonly name!: string;
}

/** A circuit stands above, between and below the decorators of Nest. */
@Circuits({ cities: { failureThreshold: 3, resetTimeout: '30s' } })
@Controller()
@UseInterceptors(Signature)
export class Cities {
  constructor(
    private readonly api: Api,
    private readonly weather: Weather,
  ) {}

  @CircuitBreaker({ failureThreshold: 3 })
  @Get('circuit-get-token/:id')
  @Token('open sesame')
  async circuitGetToken(@Param('id', ParseIntPipe) id: number, @Query('zip', Typed) zip: string) {
    return this.api.get(`city ${id + 1} at ${zip}`);
  }

  @CircuitBreaker({ failureThreshold: 3 })
  @Token('open sesame')
  @Get('circuit-token-get/:id')
  async circuitTokenGet(@Param('id', ParseIntPipe) id: number, @Query('zip', Typed) zip: string) {
    return this.api.get(`city ${id + 1} at ${zip}`);
  }

  @Get('get-circuit-token/:id')
  @CircuitBreaker({ failureThreshold: 3 })
  @Token('open sesame')
  async getCircuitToken(@Param('id', ParseIntPipe) id: number, @Query('zip', Typed) zip: string) {
    return this.api.get(`city ${id + 1} at ${zip}`);
  }

  @Token('open sesame')
  @CircuitBreaker({ failureThreshold: 3 })
  @Get('token-circuit-get/:id')
  async tokenCircuitGet(@Param('id', ParseIntPipe) id: number, @Query('zip', Typed) zip: string) {
    return this.api.get(`city ${id + 1} at ${zip}`);
  }

  @Get('get-token-circuit/:id')
  @Token('open sesame')
  @CircuitBreaker({ failureThreshold: 3 })
  async getTokenCircuit(@Param('id', ParseIntPipe) id: number, @Query('zip', Typed) zip: string) {
    return this.api.get(`city ${id + 1} at ${zip}`);
  }

  @Token('open sesame')
  @Get('token-get-circuit/:id')
  @CircuitBreaker({ failureThreshold: 3 })
  async tokenGetCircuit(@Param('id', ParseIntPipe) id: number, @Query('zip', Typed) zip: string) {
    return this.api.get(`city ${id + 1} at ${zip}`);
  }

  /** Two policies, with decorators of Nest above, between and below. */
  @HttpCode(202)
  @Retry({ maxRetries: 1, initialDelay: '5ms' })
  @Post('cities')
  @CircuitBreaker('cities')
  @Token('swordfish')
  async add(@Body(Typed) city: City) {
    return this.api.get(`added ${String(city)}`);
  }

  @Get('now/:city')
  async now(@Param('city') city: string) {
    return this.weather.now(city);
  }

  @Get('forecast/:city')
  async forecast(@Param('city') city: string) {
    return this.weather.forecast(city);
  }
}
