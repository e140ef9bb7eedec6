package dev.shunt.datapath.libbpf;

import jnr.ffi.LibraryLoader;

/** Loads shared libraries through JNR-FFI, with the binding that suits a small process. */
final class NativeLoader {
  /** JNR-FFI 2.3.4 reads it once, when its loader class is initialised. */
  private static final String GENERATE_STUBS = "jnr.ffi.asm.enabled";

  static {
    /*
     * Stubs generated as byte code cost 16 MB of resident memory here (67 against 51 MB in a process
     * that only loads one object), and neither they nor reflection show beside a system call of
     * 2 us; nothing is called per message or per event.
     */
    if (System.getProperty(GENERATE_STUBS) == null) {
      System.setProperty(GENERATE_STUBS, "false");
    }
  }

  private NativeLoader() {}

  /** A loader that throws {@link LinkageError} at once for what is missing. */
  static <T> LibraryLoader<T> of(Class<T> calls) {
    return LibraryLoader.create(calls).failImmediately();
  }
}
