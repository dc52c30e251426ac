module.exports = {
  transform: { '\\.ts$': 'ts-jest' },
  // A relative import names the file that tsc will write.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};
