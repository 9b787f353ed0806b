package ujuzi;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What waits to be written to a socket, and the thread that writes it. */
final class Outgoing {
  private final Socket socket;
  private final Consumer<String> broken;
  private final CountDownLatch hasRead = new CountDownLatch(1);
  // Guarded by this.
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
  private long length;
  private boolean isClosing;

  /** {@code broken} is told why nothing more can be written. */
  Outgoing(Socket socket, Consumer<String> broken) {
    this.socket = socket;
    this.broken = broken;
  }

  /** In bytes. */
  synchronized long length() {
    return length;
  }

  synchronized void add(byte[] bytes) {
    if (bytes.length > 0 && !isClosing) {
      waiting.add(bytes);
      length += bytes.length;
      notifyAll();
    }
  }

  /** What waits is still written, and then the socket is closed. */
  synchronized void close() {
    isClosing = true;
    notifyAll();
  }

  void nothingMoreIsRead() {
    hasRead.countDown();
  }

  /** Writes until it is closed. */
  void write() {
    try {
      OutputStream out = socket.getOutputStream();
      byte[] bytes;
      while ((bytes = next()) != null) {
        out.write(bytes);
      }
      socket.shutdownOutput();
      // Until the other side has read it, such as a GOAWAY, and closes.
      awaitRead();
    } catch (IOException error) {
      // What the other side said before it closed, such as an alert, says more than this error.
      awaitRead();
      broken.accept(error.getMessage());
    } finally {
      Connection.closeQuietly(socket);
    }
  }

  private synchronized byte[] next() {
    try {
      while (waiting.isEmpty() && !isClosing) {
        wait();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    byte[] bytes = waiting.poll();
    length -= bytes == null ? 0 : bytes.length;
    return bytes;
  }

  private void awaitRead() {
    try {
      hasRead.await(1, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
