package dev.shunt.ingest.distribution;

import com.google.protobuf.ByteString;
import dev.shunt.v1.CertifyRequest;
import dev.shunt.v1.CertifyResponse;
import dev.shunt.v1.IdentityGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The node's certificate for the control plane, in memory only. One thread; blocks for the call.
 */
final class NodeCertificates {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** Longer than the server may wait for the API server. */
  private static final long CALL_SECONDS = 20;

  private final PolicyStreamConfig config;
  private final Clock clock;
  private @Nullable Identity identity;

  /**
   * A key and its certificate.
   *
   * @param key private
   * @param chain of the certificate, its own first
   * @param renewAt when the next one is due
   * @param ca what the server was checked with; a new authority does not know this certificate
   */
  record Identity(PrivateKey key, List<X509Certificate> chain, Instant renewAt, String ca) {
    /** Copies the list. */
    Identity {
      chain = List.copyOf(chain);
    }
  }

  NodeCertificates(PolicyStreamConfig config, Clock clock) {
    this.config = config;
    this.clock = clock;
  }

  /**
   * The certificate, a new one when it is due.
   *
   * @throws IOException a file cannot be read, or the server refuses with a message
   */
  Identity current() throws IOException {
    Identity known = identity;
    String ca = ca();
    if (known == null || isDue() || !known.ca().equals(ca)) {
      known = certify(ca);
      identity = known;
    }
    return known;
  }

  /** Whether two thirds of the certificate's time are over. */
  boolean isDue() {
    Identity known = identity;
    return known == null || !clock.instant().isBefore(known.renewAt());
  }

  /** The server did not accept it: the next attempt gets a new one. */
  void drop() {
    identity = null;
  }

  private Identity certify(String ca) throws IOException {
    String token = token();
    ManagedChannel channel = PlaneChannel.open(config, Optional.empty());
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair keys = generator.generateKeyPair();
      CertifyResponse answer =
          stub(channel, token)
              .certify(
                  CertifyRequest.newBuilder()
                      .setNodeName(config.nodeName())
                      .setCsr(ByteString.copyFrom(request(keys)))
                      .build());
      return identity(keys, answer, ca);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("make certificate request failed: " + e.getMessage(), e);
    } finally {
      channel.shutdownNow();
    }
  }

  private static IdentityGrpc.IdentityBlockingStub stub(ManagedChannel channel, String token) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token);
    return IdentityGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
  }

  private static byte[] request(KeyPair keys) throws OperatorCreationException, IOException {
    return new JcaPKCS10CertificationRequestBuilder(
            new X500Principal("CN=shunt-node"), keys.getPublic())
        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
        .getEncoded();
  }

  private Identity identity(KeyPair keys, CertifyResponse answer, String ca)
      throws GeneralSecurityException {
    byte[] pem = answer.getCertificateChain().getBytes(StandardCharsets.US_ASCII);
    List<X509Certificate> chain = new ArrayList<>();
    for (Certificate certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem))) {
      chain.add((X509Certificate) certificate);
    }
    if (chain.isEmpty()) {
      throw new GeneralSecurityException("the answer has no certificate");
    }
    Instant now = clock.instant();
    Duration life = Duration.between(now, chain.get(0).getNotAfter().toInstant());
    return new Identity(keys.getPrivate(), chain, now.plus(life.multipliedBy(2).dividedBy(3)), ca);
  }

  private String ca() throws IOException {
    return text(config.planeCa());
  }

  private String token() throws IOException {
    String token = text(config.tokenFile()).strip();
    if (!token.matches("[\\x21-\\x7e]+")) {
      throw new IOException("read " + config.tokenFile() + " failed: no token in it");
    }
    return token;
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new IOException("read " + file + " failed: no such file (ENOENT/2)", e);
    }
  }
}
