package dev.shunt.agent.trace;

import dev.shunt.datapath.libbpf.TestObjects;
import java.nio.file.Path;
import java.util.List;

/**
 * What a TLS server needs.
 *
 * @param certificate file, for shop.example
 * @param key file
 */
record TlsFiles(Path certificate, Path key) {
  /** Makes them. */
  static TlsFiles in(Path directory) {
    TlsFiles files = new TlsFiles(directory.resolve("cert.pem"), directory.resolve("key.pem"));
    TestObjects.run(
        List.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=shop.example",
            "-keyout",
            files.key.toString(),
            "-out",
            files.certificate.toString()));
    return files;
  }
}
