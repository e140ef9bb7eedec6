package dev.shunt.e2e.bench.socket;

/** What works on a place's connections, beside the kernel. One thread; close also from a hook. */
interface Cover extends AutoCloseable {
  /** Nothing does. */
  Cover NONE =
      new Cover() {
        @Override
        public void awaitReady() {}

        @Override
        public long cpuMicros() {
          return 0;
        }

        @Override
        public void close() {}
      };

  /** Blocks until connections are covered. */
  void awaitReady();

  /** CPU time of its own processes so far, in microseconds. */
  long cpuMicros();

  @Override
  void close();
}
