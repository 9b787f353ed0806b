package ujuzi;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;

/** Mutual TLS 1.3, with certificates of the test's own making. */
final class TLSTests {
  private final Path folder;

  TLSTests() throws Exception {
    folder = Files.createTempDirectory("ujuzi-java-tls.");
    for (String name : List.of("authority", "other")) {
      openssl(
          "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
          "-keyout", path(name + ".key"), "-out", path(name + ".pem"), "-days", "2",
          "-subj", "/CN=" + name, "-addext", "basicConstraints=critical,CA:TRUE");
    }
    certificate("server", "authority", "IP:127.0.0.1,DNS:registry.example", "ec");
    certificate("client", "authority", "URI:ujuzi:agency/example", "ec");
    certificate("edwards", "authority", "URI:ujuzi:agency/example", "ed25519");
    certificate("rsa", "authority", "URI:ujuzi:agency/example", "rsa");
    certificate("stranger", "other", "URI:ujuzi:agency/example", "ec");
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private void certificate(String name, String by, String alternative, String kind) throws Exception {
    List<String> words = new ArrayList<>(List.of("req", "-newkey", kind, "-nodes"));
    if (kind.equals("ec")) {
      words.addAll(List.of("-pkeyopt", "ec_paramgen_curve:prime256v1"));
    }
    words.addAll(
        List.of("-keyout", path(name + ".key"), "-out", path(name + ".csr"), "-subj", "/CN=" + name));
    openssl(words.toArray(String[]::new));
    Files.writeString(folder.resolve(name + ".ext"), "subjectAltName=" + alternative + "\n");
    openssl(
        "x509", "-req", "-in", path(name + ".csr"), "-out", path(name + ".pem"),
        "-CA", path(by + ".pem"), "-CAkey", path(by + ".key"), "-CAcreateserial", "-days", "2",
        "-extfile", path(name + ".ext"));
  }

  private void openssl(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(words));
    Path said = folder.resolve("said");
    int status =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start()
            .waitFor();
    Check.that(status == 0, command + Files.readString(said));
  }

  private SSLContext context(String by, String name) throws Exception {
    return TLS.of(
        folder.resolve(by + ".pem"), folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
  }

  /** The alert is read, unless a write failed before: the JDK then reads nothing more. */
  static void isRefused(StatusException error) {
    Check.that(error.code == Code.UNAUTHENTICATED || error.code == Code.UNAVAILABLE, error);
    Check.that(error.notProcessed, error);
  }

  private Peer.Server server(String version, String protocol) throws Exception {
    SSLServerSocket socket =
        (SSLServerSocket)
            context("authority", "server")
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setNeedClientAuth(true);
    parameters.setProtocols(new String[] {version});
    parameters.setApplicationProtocols(new String[] {protocol});
    socket.setSSLParameters(parameters);
    return new Peer.Server(socket, PeerTests::answers);
  }

  private StatusException failure(String version, String protocol, Settings settings)
      throws Exception {
    try (Peer.Server server = server(version, protocol);
        Client client = PeerTests.client(server, settings)) {
      return Check.fails(() -> PeerTests.asks(client));
    }
  }

  @Check.Test("Both sides show a certificate and speak TLS 1.3, with keys of every kind")
  void good() throws Exception {
    for (String name : List.of("client", "edwards", "rsa")) {
      for (String host : new String[] {null, "registry.example"}) {
        Settings settings = PeerTests.ONCE.withTLS(context("authority", name), host);
        try (Peer.Server server = server("TLSv1.3", TLS.ALPN);
            Client client = PeerTests.client(server, settings)) {
          PeerTests.asks(client);
        }
      }
    }
  }

  @Check.Test("A server of another name or authority is not believed")
  void server() throws Exception {
    for (Settings settings :
        List.of(
            PeerTests.ONCE.withTLS(context("authority", "client"), "elsewhere.example"),
            PeerTests.ONCE.withTLS(context("other", "client"), null))) {
      StatusException error = failure("TLSv1.3", TLS.ALPN, settings);
      Check.that(error.code == Code.UNAUTHENTICATED && error.notProcessed, error);
    }
  }

  @Check.Test("Certificates are asked for at each connection")
  void renewed() throws Exception {
    SSLContext[] contexts = {context("authority", "stranger"), context("authority", "client")};
    AtomicInteger asked = new AtomicInteger();
    Settings settings =
        PeerTests.ONCE.withTLS(() -> contexts[Math.min(asked.getAndIncrement(), 1)], null);
    try (Peer.Server server = server("TLSv1.3", TLS.ALPN);
        Client client = PeerTests.client(server, settings)) {
      isRefused(Check.fails(() -> PeerTests.asks(client)));
      PeerTests.asks(client);
    }
  }

  @Check.Test("A client that the server does not know, an older TLS and another protocol are refused")
  void refused() throws Exception {
    Settings stranger = PeerTests.ONCE.withTLS(context("authority", "stranger"), null);
    isRefused(failure("TLSv1.3", TLS.ALPN, stranger));
    Settings known = PeerTests.ONCE.withTLS(context("authority", "client"), null);
    Check.equal(Code.UNAVAILABLE, failure("TLSv1.2", TLS.ALPN, known).code);
    StatusException other = failure("TLSv1.3", "h2", known);
    Check.that(other.notProcessed, other);
    Check.equal(Code.FAILED_PRECONDITION, other.code);
    Check.equal("tls", other.rule);
    Check.that(other.sentence.contains("speaks TLS, but not ujuzi/1"), other);
  }
}
