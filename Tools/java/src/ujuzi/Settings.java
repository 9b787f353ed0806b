package ujuzi;

import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * How a client connects and asks.
 *
 * @param tls null: none, for servers on loopback
 * @param serverName checked against the server's certificate in place of the address; or null
 * @param timeout of a unary call that names none; streams have none
 * @param keepalive the silence after which the server is asked for a sign of life; zero: as the
 *     server likes
 * @param waitForReady keep connecting while the time lasts, where nobody is there
 */
public record Settings(
    String name,
    Supplier<SSLContext> tls,
    String serverName,
    Duration timeout,
    Duration connectTimeout,
    Duration keepalive,
    boolean waitForReady,
    Retry retry) {
  public static final Settings USUAL =
      new Settings(
          "ujuzi-java",
          null,
          null,
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ZERO,
          false,
          Retry.USUAL);

  public Settings withName(String name) {
    return new Settings(
        name, tls, serverName, timeout, connectTimeout, keepalive, waitForReady, retry);
  }

  public Settings withTLS(SSLContext tls, String serverName) {
    return withTLS(() -> tls, serverName);
  }

  /** Asked for each connection: for certificates that expire. */
  public Settings withTLS(Supplier<SSLContext> tls, String serverName) {
    return new Settings(
        name, tls, serverName, timeout, connectTimeout, keepalive, waitForReady, retry);
  }

  public Settings withTimeout(Duration timeout) {
    return new Settings(
        name, tls, serverName, timeout, connectTimeout, keepalive, waitForReady, retry);
  }

  public Settings withConnectTimeout(Duration connectTimeout) {
    return new Settings(
        name, tls, serverName, timeout, connectTimeout, keepalive, waitForReady, retry);
  }

  public Settings withKeepalive(Duration keepalive) {
    return new Settings(
        name, tls, serverName, timeout, connectTimeout, keepalive, waitForReady, retry);
  }

  public Settings withWaitForReady(boolean waitForReady) {
    return new Settings(
        name, tls, serverName, timeout, connectTimeout, keepalive, waitForReady, retry);
  }

  public Settings withRetry(Retry retry) {
    return new Settings(
        name, tls, serverName, timeout, connectTimeout, keepalive, waitForReady, retry);
  }
}
