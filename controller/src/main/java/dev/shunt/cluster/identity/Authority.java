package dev.shunt.cluster.identity;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority with an EC P-256 key. Immutable and thread-safe; signing takes a
 * millisecond.
 */
public final class Authority {
  private static final String SUBJECT = "CN=shunt-control-plane-ca";
  private static final Duration LIFE = Duration.ofDays(3650);

  /** Clocks of nodes may be behind. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private static final int SERIAL_BITS = 127;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final X509Certificate certificate;
  private final PrivateKey key;
  private final Clock clock;

  /** A key and the certificate that goes with it. */
  public record Credentials(PrivateKey key, X509Certificate certificate) {}

  private Authority(X509Certificate certificate, PrivateKey key, Clock clock) {
    this.certificate = certificate;
    this.key = key;
    this.clock = clock;
  }

  /** A new one, for ten years. */
  public static Authority create(Clock clock) {
    KeyPair keys = newKeys();
    Instant now = clock.instant();
    try {
      X500Name name = new X500Name(SUBJECT);
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              serial(),
              Date.from(now.minus(SKEW)),
              Date.from(now.plus(LIFE)),
              name,
              keys.getPublic());
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
          .addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return new Authority(signed(builder, keys.getPrivate()), keys.getPrivate(), clock);
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("make certificate authority failed: " + e.getMessage(), e);
    }
  }

  /**
   * One from its PEM texts.
   *
   * @throws IOException they are no certificate and key of an authority, or it has ended; the
   *     message does not show them
   */
  public static Authority read(String certificatePem, String keyPem, Clock clock)
      throws IOException {
    try (PEMParser certificates = new PEMParser(new StringReader(certificatePem));
        PEMParser keys = new PEMParser(new StringReader(keyPem))) {
      Object key = keys.readObject();
      if (certificates.readObject() instanceof X509CertificateHolder holder
          && key instanceof PrivateKeyInfo secret) {
        X509Certificate certificate = new JcaX509CertificateConverter().getCertificate(holder);
        certificate.checkValidity(Date.from(clock.instant()));
        return new Authority(certificate, new JcaPEMKeyConverter().getPrivateKey(secret), clock);
      }
      throw new IOException("no PEM certificate and PKCS#8 key");
    } catch (GeneralSecurityException e) {
      throw new IOException("not valid: " + e.getMessage(), e);
    }
  }

  /** What callers check the server with; PEM. */
  public String certificatePem() {
    return pem(certificate);
  }

  /** The key, PEM (PKCS#8). Goes into the Secret and nowhere else. */
  String keyPem() {
    return pem(key);
  }

  X509Certificate certificate() {
    return certificate;
  }

  /** A certificate that names a node, for calls as a client. */
  X509Certificate certifyNode(String node, PublicKey of, Duration life) {
    return certifyClient(NodeName.uri(node), of, life);
  }

  /** A key and certificate for a replica that calls another one. */
  Credentials replica(Duration life) {
    KeyPair keys = newKeys();
    return new Credentials(
        keys.getPrivate(), certifyClient(NodeName.REPLICA_URI, keys.getPublic(), life));
  }

  private X509Certificate certifyClient(String uri, PublicKey of, Duration life) {
    return certify(
        of,
        life,
        new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri)),
        KeyPurposeId.id_kp_clientAuth);
  }

  /**
   * A key and certificate for a server.
   *
   * @param names DNS names and IP addresses that callers know it by
   */
  public Credentials serve(List<String> names, Duration life) {
    KeyPair keys = newKeys();
    GeneralName[] all =
        names.stream()
            .map(
                name ->
                    new GeneralName(
                        name.matches("[0-9.]+|.*:.*") ? GeneralName.iPAddress : GeneralName.dNSName,
                        name))
            .toArray(GeneralName[]::new);
    X509Certificate made =
        certify(keys.getPublic(), life, new GeneralNames(all), KeyPurposeId.id_kp_serverAuth);
    return new Credentials(keys.getPrivate(), made);
  }

  private X509Certificate certify(
      PublicKey of, Duration life, GeneralNames names, KeyPurposeId purpose) {
    Instant now = clock.instant();
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
              serial(),
              Date.from(now.minus(SKEW)),
              Date.from(now.plus(life)),
              new X500Name("CN=shunt"),
              of);
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate.getPublicKey()))
          .addExtension(Extension.subjectAlternativeName, false, names);
      return signed(builder, key);
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("sign certificate failed: " + e.getMessage(), e);
    }
  }

  private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey by)
      throws OperatorCreationException, GeneralSecurityException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by)));
  }

  private static BigInteger serial() {
    return new BigInteger(SERIAL_BITS, RANDOM).add(BigInteger.ONE);
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has EC P-256", e);
    }
  }

  static String pem(Object object) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(
          object instanceof PrivateKey secret ? new JcaPKCS8Generator(secret, null) : object);
    } catch (IOException e) {
      throw new IllegalStateException("write PEM failed: " + e.getMessage(), e);
    }
    return text.toString();
  }
}
