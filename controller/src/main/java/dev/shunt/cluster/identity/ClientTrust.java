package dev.shunt.cluster.identity;

import dev.shunt.cluster.observe.PlaneMeter;
import dev.shunt.cluster.observe.PlaneMeter.Refused;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Checks callers' certificates as the platform does, and counts those that fail: TLS ends such a
 * connection before any call could be counted. Thread-safe.
 */
final class ClientTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager platform;
  private final PlaneMeter meter;

  ClientTrust(X509Certificate authority, PlaneMeter meter) {
    this.platform = platform(authority);
    this.meter = meter;
  }

  private static X509ExtendedTrustManager platform(X509Certificate authority) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry("authority", authority);
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager found) {
          return found;
        }
      }
      throw new IllegalStateException("every Java platform checks X.509 certificates");
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("prepare checks of certificates failed", e);
    }
  }

  /** A check of the platform. */
  @FunctionalInterface
  private interface Check {
    void run() throws CertificateException;
  }

  private void counted(Check check) throws CertificateException {
    try {
      check.run();
    } catch (CertificateException e) {
      meter.refused(isExpired(e) ? Refused.EXPIRED : Refused.UNAUTHENTICATED);
      throw e;
    }
  }

  private static boolean isExpired(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    counted(() -> platform.checkClientTrusted(chain, type, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    counted(() -> platform.checkClientTrusted(chain, type, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    counted(() -> platform.checkClientTrusted(chain, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    platform.checkServerTrusted(chain, type, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    platform.checkServerTrusted(chain, type, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    platform.checkServerTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return platform.getAcceptedIssuers();
  }
}
