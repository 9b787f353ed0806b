package ujuzi;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import ujuzi.v1.Wire;

/** One connection: a session with a socket, a thread that reads and one that writes. */
final class Connection {
  /** The client gives up so much later than the server. */
  static final long GIVE_UP_LATER_MS = 500;

  /** What may wait to be written while the server reads nothing, in bytes, before PINGs end it. */
  private static final long UNREAD_MAX = 64 << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Socket socket;
  private final ScheduledExecutorService timer;
  private final Session session;
  private final Map<Integer, Call> calls = new HashMap<>();
  /** Calls for which the server has no room, by whether they are unary. */
  private final ArrayDeque<Call> unaryWaiting = new ArrayDeque<>();

  private final ArrayDeque<Call> streamsWaiting = new ArrayDeque<>();
  /** What is done once the lock is let go. */
  private List<Runnable> after = new ArrayList<>();

  private final Outgoing outgoing;
  private long lastRead = System.nanoTime();
  private long received;
  /** Of the frame that has begun and not ended; null when there is none. */
  private FramePace pace;
  private long pinged;
  private ScheduledFuture<?> ticking;

  Connection(Socket socket, Wire.Hello hello, ScheduledExecutorService timer) {
    this.socket = socket;
    this.timer = timer;
    outgoing = new Outgoing(socket, error -> locked(() -> lose("The connection broke: " + error)));
    session = new Session(hello, new FromSession());
  }

  void start() {
    thread("read", this::read).start();
    thread("write", outgoing::write).start();
  }

  private Thread thread(String what, Runnable body) {
    Thread thread = new Thread(body, "ujuzi " + what + " " + socket.getRemoteSocketAddress());
    thread.setDaemon(true);
    return thread;
  }

  void awaitGreeting(long deadline) {
    locked(
        () -> {
          while (session.limits() == null && session.over() == null) {
            if (!await(deadline)) {
              lose("The server does not answer HELLO.");
            }
          }
          if (session.limits() == null) {
            throw session.over();
          }
          scheduleTick();
        });
  }

  boolean canBegin() {
    lock.lock();
    try {
      return session.canBegin();
    } finally {
      lock.unlock();
    }
  }

  boolean isOver() {
    lock.lock();
    try {
      return session.over() != null;
    } finally {
      lock.unlock();
    }
  }

  Wire.HelloOk greeting() {
    return session.greeting();
  }

  // ------------------------------------------------------------ calls

  /** Begins the call, now or as soon as the server's limits have room for it. */
  void begin(Call call) {
    locked(
        () -> {
          StatusException wrong = tooLong(call);
          if (wrong != null) {
            end(call, wrong);
            return;
          }
          (call.method.shape() == Method.Shape.UNARY ? unaryWaiting : streamsWaiting).add(call);
          beginWaiting();
        });
    if (call.deadline != 0 && !call.hasEnded) {
      long left = call.deadline - System.nanoTime() + GIVE_UP_LATER_MS * 1_000_000;
      ScheduledFuture<?> giving =
          timer.schedule(
              () -> give(call, StatusException.deadlineExceeded()), left, TimeUnit.NANOSECONDS);
      locked(() -> {
        // Most calls end long before; their timers do not wait for that.
        if (call.hasEnded) {
          giving.cancel(false);
        } else {
          call.timer = giving;
        }
      });
    }
  }

  /** Nobody waits for the call any more. */
  void give(Call call, StatusException why) {
    locked(
        () -> {
          boolean wasOpen = call.id != 0 && calls.remove(call.id) != null;
          if (wasOpen && !call.hasEnded) {
            session.cancel(call.id);
          }
          if (call.method.shape() != Method.Shape.UNARY) {
            call.arrived.forEach(message -> session.consumed(call.id, message.length));
          }
          call.arrived.clear();
          end(call, why);
          changed.signalAll();
        });
  }

  /** A stream's next message; null when it is complete. Waits, and throws how the call failed. */
  byte[] next(Call call) {
    byte[][] taken = {null};
    locked(
        () -> {
          while (call.arrived.isEmpty() && !call.hasEnded) {
            await(0);
          }
          taken[0] = call.arrived.poll();
          if (taken[0] == null && call.error != null) {
            throw call.error;
          }
        });
    return taken[0];
  }

  /** A stream's message was used: there is room for more. */
  void consumed(Call call, int length) {
    locked(() -> session.consumed(call.id, length));
  }

  /** A message of an exchange, once there is credit. False: the server has ended the call. */
  boolean send(Call call, byte[] message) {
    boolean[] sent = {false};
    locked(
        () -> {
          if (message.length > session.limits().frameLengthMax()) {
            throw StatusException.of(
                Code.RESOURCE_EXHAUSTED, "frame_length_max", "The message is too long.", true);
          }
          while (!call.hasEnded && !(call.id != 0 && session.maySend(call.id))) {
            await(0);
          }
          if (!call.hasEnded) {
            session.send(call.id, message);
            sent[0] = true;
          }
        });
    return sent[0];
  }

  void finish(Call call) {
    locked(
        () -> {
          while (!call.hasEnded && call.id == 0) {
            await(0);
          }
          session.finish(call.id);
        });
  }

  private StatusException tooLong(Call call) {
    Limits limits = session.limits();
    String rule = null;
    if (8L + call.message.length + call.metadata.length > limits.frameLengthMax()) {
      rule = "frame_length_max";
    } else if (call.metadata.length > limits.metadataLengthMax()) {
      rule = "metadata_length_max";
    }
    return rule == null
        ? null
        : StatusException.of(
            Code.RESOURCE_EXHAUSTED, rule, "The request is longer than the server takes.", true);
  }

  private void beginWaiting() {
    for (ArrayDeque<Call> waiting : List.of(unaryWaiting, streamsWaiting)) {
      while (!waiting.isEmpty()) {
        Call call = waiting.peek();
        long left = (call.deadline - System.nanoTime()) / 1_000_000;
        if (call.hasEnded) {
          waiting.poll();
        } else if (!session.canBegin()) {
          waiting.poll();
          String sentence = "The connection takes no more calls.";
          end(call, StatusException.unavailable("not_sent", sentence, true));
        } else if (call.deadline != 0 && left <= 0) {
          waiting.poll();
          end(call, StatusException.deadlineExceeded());
        } else if (session.hasRoom(call.method.shape())) {
          waiting.poll();
          long timeoutMs = call.deadline == 0 ? 0 : Math.min(left, 0xffff_ffffL);
          call.id = session.begin(call.method, call.message, call.metadata, timeoutMs);
          calls.put(call.id, call);
        } else {
          break;
        }
      }
    }
  }

  /** The first end of a call is its end. */
  private void end(Call call, StatusException error) {
    if (call.hasEnded) {
      return;
    }
    call.hasEnded = true;
    call.error = error;
    if (call.timer != null) {
      call.timer.cancel(false);
    }
    if (call.waiting != null) {
      byte[] last = call.arrived.poll();
      after.add(() -> call.waiting.ended(last, error));
    }
  }

  private final class FromSession implements Session.Sink {
    @Override
    public void arrived(int id, byte[] message) {
      Call call = calls.get(id);
      if (call != null) {
        call.arrived.add(message);
        changed.signalAll();
      }
    }

    @Override
    public void ended(int id, StatusException error) {
      Call call = calls.remove(id);
      if (call != null) {
        end(call, error);
      }
    }

    @Override
    public void changed() {
      beginWaiting();
      changed.signalAll();
    }
  }

  // ------------------------------------------------------------ threads

  private void read() {
    byte[] buffer = new byte[1 << 16];
    Code code = Code.UNAVAILABLE;
    String sentence = "The server closed the connection.";
    try {
      InputStream in = socket.getInputStream();
      int length;
      while ((length = in.read(buffer)) >= 0) {
        // What comes after the end is let go, so that the other side may read why it ended.
        int came = length;
        locked(
            () -> {
              lastRead = System.nanoTime();
              if (session.over() != null) {
                return;
              }
              received += came;
              long framesBefore = session.framesRead();
              session.receive(buffer, came);
              if (session.over() != null) {
                lose("");
              }
              if (!session.hasPartOfFrame()) {
                pace = null;
              } else if (pace == null || session.framesRead() != framesBefore) {
                pace = new FramePace(lastRead, received, socket instanceof SSLSocket);
              }
              if (outgoing.length() > UNREAD_MAX) {
                lose("The server reads nothing.");
              }
            });
      }
    } catch (SSLException error) {
      // In TLS 1.3 a server looks at the client's certificate after the client's handshake.
      sentence = "The server ended TLS: " + error.getMessage();
      code = TLS.isOfCertificate(error) ? Code.UNAUTHENTICATED : code;
    } catch (IOException error) {
      sentence = "The connection broke: " + error.getMessage();
    }
    Code how = code;
    String why = sentence;
    locked(() -> lose(how, "", why));
    outgoing.nothingMoreIsRead();
  }

  /** Under the lock: the session is over, and the socket is closed when all is written. */
  private void lose(String sentence) {
    lose(Code.UNAVAILABLE, "", sentence);
  }

  private void lose(Code code, String rule, String sentence) {
    flush();
    session.lost(code, rule, sentence);
    outgoing.close();
    if (ticking != null) {
      ticking.cancel(false);
    }
    changed.signalAll();
  }

  private void scheduleTick() {
    Limits limits = session.limits();
    long often = Math.max(Math.min(limits.keepaliveMs(), limits.keepaliveTimeoutMs()) / 4, 10);
    long period = Math.min(often, 1_000);
    Runnable tick = () -> locked(this::tick);
    ticking = timer.scheduleAtFixedRate(tick, period, period, TimeUnit.MILLISECONDS);
  }

  /** PING after {@code keepalive_ms} of silence, the end {@code keepalive_timeout_ms} later. */
  private void tick() {
    long now = System.nanoTime();
    long every = session.limits().keepaliveMs();
    if (session.over() != null) {
      return;
    }
    if (pace != null && pace.isLate(now, received)) {
      String sentence = "The server began a frame and does not go on (frame_timeout).";
      lose(Code.DEADLINE_EXCEEDED, "frame_timeout", sentence);
    } else if (every != Limits.NONE) {
      if (pinged != 0 && lastRead - pinged >= 0) {
        pinged = 0;
      }
      if (pinged == 0 && now - lastRead >= every * 1_000_000) {
        pinged = now;
        session.ping(0);
      } else if (pinged != 0 && now - pinged >= session.limits().keepaliveTimeoutMs() * 1_000_000) {
        lose(Code.UNAVAILABLE, "keepalive", "The server gives no sign of life.");
      }
    }
  }

  /** Says GOAWAY, waits up to {@code graceMs} for open calls, and closes. */
  void close(long graceMs) {
    long deadline = System.nanoTime() + graceMs * 1_000_000;
    locked(
        () -> {
          session.leave(Code.OK, "", "");
          flush();
          while (session.openCalls() > 0 && session.over() == null && await(deadline)) {
            continue;
          }
          lose("This client closed the connection.");
        });
  }

  // ------------------------------------------------------------ the lock

  private void locked(Runnable body) {
    lock.lock();
    List<Runnable> now;
    try {
      body.run();
    } finally {
      flush();
      now = after;
      after = new ArrayList<>();
      lock.unlock();
      now.forEach(Runnable::run);
    }
  }

  private void flush() {
    outgoing.add(session.takeOutgoing());
  }

  /** Waits for a change; false when the deadline (0: none) has passed. */
  private boolean await(long deadline) {
    flush();
    try {
      if (deadline == 0) {
        changed.await();
        return true;
      }
      long left = deadline - System.nanoTime();
      return left > 0 && changed.awaitNanos(left) > 0;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw StatusException.of(Code.CANCELLED, "", "The thread was interrupted.", false);
    }
  }

  static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException error) {
      // There is nothing left to lose.
      return;
    }
  }
}
