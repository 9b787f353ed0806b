package ujuzi;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Mutual TLS 1.3 from PEM files. */
public final class TLS {
  static final String ALPN = "ujuzi/1";
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private TLS() {}

  /** Who signs servers, who we are, and our key (PKCS#8, without a passphrase). */
  public static SSLContext of(Path authorities, Path certificate, Path key)
      throws IOException, GeneralSecurityException {
    KeyStore trusted = empty();
    int count = 0;
    for (Certificate authority : certificates(authorities)) {
      trusted.setCertificateEntry("authority" + count++, authority);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyStore own = empty();
    own.setKeyEntry(
        "own", privateKey(key), new char[0], certificates(certificate).toArray(Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, new char[0]);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  /** TLS 1.3 alone, this protocol alone, and the server's name is checked. */
  static void demand(SSLSocket socket) {
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3"});
    parameters.setApplicationProtocols(new String[] {ALPN});
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
  }

  /** Whether it says that a certificate is not taken, the server's by us or ours by the server. */
  static boolean isOfCertificate(Throwable error) {
    if (error == null) {
      return false;
    }
    String said = String.valueOf(error.getMessage());
    boolean isAlert = said.contains("fatal alert: ");
    return error instanceof CertificateException
        || (isAlert && (said.contains("certificate") || said.contains("unknown_ca")))
        || isOfCertificate(error.getCause());
  }

  /** Whether it is the alert of a server that knows none of the protocols that it was offered. */
  static boolean saysNoCommonProtocol(Throwable error) {
    return error != null
        && (String.valueOf(error.getMessage()).contains("no_application_protocol")
            || saysNoCommonProtocol(error.getCause()));
  }

  /** Both sides speak TLS, and not this protocol in it. */
  static StatusException noCommonProtocol(String chosen) {
    boolean isNone = chosen == null || chosen.isEmpty();
    String what = isNone ? "it chose no protocol (ALPN)" : "it chose " + chosen;
    String sentence =
        "The server speaks TLS, but not " + ALPN + " (" + what
            + "): is it a ujuzi server, of this version?";
    return StatusException.of(Code.FAILED_PRECONDITION, "tls", sentence, true);
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    byte[] bytes = Files.readAllBytes(file);
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(bytes));
  }

  private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
    Matcher found = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
    if (!found.find()) {
      throw new InvalidKeySpecException(file + " has no PKCS#8 key (BEGIN PRIVATE KEY)");
    }
    PKCS8EncodedKeySpec packed =
        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(1)));
    for (String algorithm : List.of("EC", "Ed25519", "RSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(packed);
      } catch (InvalidKeySpecException other) {
        continue;
      }
    }
    throw new InvalidKeySpecException(file + ": neither an EC nor an Ed25519 nor an RSA key");
  }
}
