package ujuzi;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLSocket;
import ujuzi.v1.Wire;

/** Makes connections. */
final class Dial {
  private Dial() {}

  /** Connects and greets, within the time to connect. */
  static Connection open(
      Address address, Wire.Hello hello, Settings settings, ScheduledExecutorService timer) {
    long deadline = System.nanoTime() + settings.connectTimeout().toNanos();
    Socket socket = new Socket();
    try {
      int limit = (int) Math.max(settings.connectTimeout().toMillis(), 1);
      socket.connect(new InetSocketAddress(address.host(), address.port()), limit);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(limit);
      Socket secured = settings.tls() == null ? socket : secured(socket, address, settings);
      secured.setSoTimeout(0);
      Connection connection = new Connection(secured, hello, timer);
      connection.start();
      connection.awaitGreeting(deadline);
      return connection;
    } catch (StatusException error) {
      Connection.closeQuietly(socket);
      throw error;
    } catch (SocketTimeoutException error) {
      Connection.closeQuietly(socket);
      throw StatusException.unavailable("", address + " does not answer.", true);
    } catch (IOException error) {
      Connection.closeQuietly(socket);
      if (TLS.saysNoCommonProtocol(error)) {
        throw TLS.noCommonProtocol("");
      }
      Code code = TLS.isOfCertificate(error) ? Code.UNAUTHENTICATED : Code.UNAVAILABLE;
      throw StatusException.of(code, "", address + ": " + error.getMessage(), true);
    }
  }

  private static Socket secured(Socket plain, Address address, Settings settings)
      throws IOException {
    String name = settings.serverName() == null ? address.host() : settings.serverName();
    SSLSocket socket =
        (SSLSocket)
            settings.tls().get().getSocketFactory().createSocket(plain, name, address.port(), true);
    TLS.demand(socket);
    socket.startHandshake();
    if (!TLS.ALPN.equals(socket.getApplicationProtocol())) {
      throw TLS.noCommonProtocol(socket.getApplicationProtocol());
    }
    return socket;
  }
}
