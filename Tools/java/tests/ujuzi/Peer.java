package ujuzi;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import ujuzi.v1.Wire;

/** One connection, seen from a server that says what a test scripts, frame by frame. */
final class Peer {
  interface Script {
    void run(Peer peer) throws Exception;
  }

  private final Socket socket;
  private final FrameReader reader = new FrameReader(Frame.FRAME_LENGTH_MAX, true);

  Peer(Socket socket) {
    this.socket = socket;
  }

  /** The client's next frame; null when it has closed. */
  Frame next() throws Exception {
    byte[] buffer = new byte[1 << 16];
    Frame frame;
    while ((frame = reader.next()) == null) {
      int length;
      try {
        length = socket.getInputStream().read(buffer);
      } catch (SocketTimeoutException error) {
        throw error;
      } catch (IOException error) {
        return null;
      }
      if (length < 0) {
        return null;
      }
      reader.feed(buffer, length);
    }
    return frame;
  }

  Frame expect(FrameType type) throws Exception {
    Frame frame = next();
    Check.that(frame != null && frame.type() == type, type + " was meant, came " + frame);
    return frame;
  }

  /** Nothing comes for so long. */
  void expectNothing(int ms) throws Exception {
    socket.setSoTimeout(ms);
    try {
      Frame frame = next();
      throw new AssertionError("nothing was meant, came " + frame);
    } catch (SocketTimeoutException error) {
      socket.setSoTimeout(0);
    }
  }

  Wire.Hello greet() throws Exception {
    return greet(Wire.HelloOk.newBuilder());
  }

  Wire.Hello greet(Wire.HelloOk.Builder limits) throws Exception {
    Frame hello = next();
    if (hello == null) {
      throw new EOFException("the client went before it said anything");
    }
    Check.equal(FrameType.HELLO, hello.type());
    limits.setVersion(1).setServer("peer");
    if (limits.getFrameLengthMax() == 0) {
      limits.setFrameLengthMax(Frame.FRAME_LENGTH_MAX);
    }
    send(Frame.of(FrameType.HELLO_OK, 0, limits.build().toByteArray()));
    return Wire.Hello.parseFrom(hello.payload());
  }

  int call() throws Exception {
    return expect(FrameType.CALL).call();
  }

  void send(Frame... frames) throws IOException {
    for (Frame frame : frames) {
      send(frame.encoded());
    }
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  void status(int call, Code code) throws IOException {
    status(call, Wire.Status.newBuilder().setCode(code.ordinal()));
  }

  void status(int call, Wire.Status.Builder status) throws IOException {
    send(Frame.of(FrameType.STATUS, call, status.build().toByteArray()));
  }

  void goAway(int lastCall, Code code, String message) throws IOException {
    Wire.GoAway.Builder words =
        Wire.GoAway.newBuilder().setLastCall(lastCall).setCode(code.ordinal()).setMessage(message);
    send(Frame.of(FrameType.GOAWAY, 0, words.build().toByteArray()));
  }

  /** Everything until the client closes. */
  List<Frame> untilClosed() throws Exception {
    List<Frame> frames = new ArrayList<>();
    Frame frame;
    while ((frame = next()) != null) {
      frames.add(frame);
    }
    return frames;
  }

  /** Gives each connection the next script, the last one again when they are used up. */
  static final class Server implements AutoCloseable {
    private final ServerSocket listening;
    private final List<Script> scripts;
    private final List<Socket> sockets = new ArrayList<>();
    private final AtomicInteger running = new AtomicInteger();
    private volatile Throwable failure;
    final AtomicInteger connections = new AtomicInteger();

    Server(Script... scripts) throws IOException {
      this(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), scripts);
    }

    Server(ServerSocket listening, Script... scripts) {
      this.listening = listening;
      this.scripts = List.of(scripts);
      Thread thread = new Thread(this::accept, "peer");
      thread.setDaemon(true);
      thread.start();
    }

    String address() {
      return "127.0.0.1:" + listening.getLocalPort();
    }

    private void accept() {
      try {
        while (true) {
          Socket socket = listening.accept();
          Script script =
              scripts.get(Math.min(connections.getAndIncrement(), scripts.size() - 1));
          synchronized (sockets) {
            sockets.add(socket);
          }
          running.incrementAndGet();
          Thread thread = new Thread(() -> serve(socket, script), "peer script");
          thread.setDaemon(true);
          thread.start();
        }
      } catch (IOException error) {
        return;
      }
    }

    private void serve(Socket socket, Script script) {
      try (socket) {
        socket.setTcpNoDelay(true);
        script.run(new Peer(socket));
      } catch (IOException error) {
        // The client went, or a handshake failed: the test itself sees what came of it.
        return;
      } catch (Throwable error) {
        failure = error;
      } finally {
        running.decrementAndGet();
      }
    }

    /** Waits for the scripts, and fails as they did. */
    @Override
    public void close() throws Exception {
      listening.close();
      for (int i = 0; i < 300 && running.get() > 0; i++) {
        Thread.sleep(10);
      }
      synchronized (sockets) {
        for (Socket socket : sockets) {
          socket.close();
        }
      }
      if (failure != null) {
        throw new AssertionError("the peer: " + failure, failure);
      }
    }
  }
}
