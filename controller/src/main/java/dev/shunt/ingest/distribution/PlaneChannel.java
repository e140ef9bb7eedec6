package dev.shunt.ingest.distribution;

import dev.shunt.ingest.distribution.NodeCertificates.Identity;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Opens connections to the control plane. Stateless. */
final class PlaneChannel {
  /** A snapshot with some thousand policies; a larger one ends the stream. */
  private static final int MESSAGE_BYTES_MAX = 16 * 1024 * 1024;

  /** Notices a peer that is gone without a word, such as a partition. */
  private static final long KEEP_ALIVE_SECONDS = 30;

  private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 10;

  private PlaneChannel() {}

  /**
   * A channel that connects when it is used; TLS 1.3, the server's certificate checked.
   *
   * @param identity of the node; empty while it has none
   * @throws IOException a file cannot be read
   */
  static ManagedChannel open(PolicyStreamConfig config, Optional<Identity> identity)
      throws IOException {
    SslContextBuilder ssl = GrpcSslContexts.forClient().protocols("TLSv1.3");
    try {
      ssl.trustManager(Files.newInputStream(config.planeCa()));
    } catch (IllegalArgumentException e) {
      throw new IOException("read " + config.planeCa() + " failed: no PEM certificates", e);
    }
    identity.ifPresent(
        known -> ssl.keyManager(known.key(), known.chain().toArray(new X509Certificate[0])));
    return NettyChannelBuilder.forAddress(config.host(), config.port())
        .sslContext(ssl.build())
        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .disableRetry()
        .build();
  }
}
