package ujuzi;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import ujuzi.v1.Wire;

/** Calls by name to any of several servers, over one connection at a time. For any thread. */
public class Channel implements AutoCloseable {
  private final Settings settings;
  private final ScheduledThreadPoolExecutor timer;
  // Guarded by this.
  private final List<Address> addresses;
  private final List<Connection> connections = new ArrayList<>();
  private CompletableFuture<Connection> connecting;
  private boolean isClosed;

  public Channel(List<String> addresses, Settings settings) {
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("a channel needs an address");
    }
    this.addresses = new ArrayList<>(addresses.stream().map(Address::of).toList());
    // So that clients spread over servers.
    Collections.shuffle(this.addresses);
    this.settings = settings;
    timer = new ScheduledThreadPoolExecutor(1, body -> daemon("ujuzi timer", body));
    timer.setRemoveOnCancelPolicy(true);
    // What would be timed when all is closed needs no end any more.
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  // ------------------------------------------------------------ calls

  /** Asks a unary method. Throws StatusException when asking again, where safe, was in vain. */
  public <A extends Message> A unary(
      String name, Message request, Parser<A> reply, CallOptions options) {
    return joined(unaryAsync(name, request, reply, options));
  }

  /** The same without waiting; cancelling the future cancels the call. */
  public <A extends Message> CompletableFuture<A> unaryAsync(
      String name, Message request, Parser<A> reply, CallOptions options) {
    Method method = Method.of(name);
    method.check(Method.Shape.UNARY, request);
    byte[] message = request.toByteArray();
    long deadline = options.deadline(settings.timeout());
    CompletableFuture<A> answer = new CompletableFuture<>();
    new Asking<>(method, message, reply, options, deadline, answer).ask();
    return answer;
  }

  /** The messages of a streaming method. Close it, unless it was read to its end. */
  public <A extends Message> Stream<A> stream(
      String name, Message request, Parser<A> reply, CallOptions options) {
    Method method = Method.of(name);
    method.check(Method.Shape.STREAM, request);
    byte[] message = request.toByteArray();
    byte[] metadata = options.packedMetadata();
    long deadline = options.deadline(null);
    Supplier<Call> calls = () -> new Call(method, message, metadata, deadline, null);
    return new Stream<>(this, settings.retry(), calls, reply);
  }

  /** Begins an exchange. Close it, unless its answers were read to their end. */
  public <Q extends Message, A extends Message> Exchange<Q, A> exchange(
      String name, Parser<A> reply, CallOptions options) {
    Method method = Method.of(name);
    method.check(Method.Shape.EXCHANGE, null);
    byte[] metadata = options.packedMetadata();
    long deadline = options.deadline(null);
    return new Exchange<>(
        this, () -> new Call(method, new byte[0], metadata, deadline, null), reply);
  }

  /** Connects now, and says what the server agreed to. Calls connect by themselves. */
  public Wire.HelloOk connect() {
    return ready(0).greeting();
  }

  /** Begins no more calls, gives the open ones up to five seconds, and closes. */
  @Override
  public void close() {
    close(Duration.ofSeconds(5));
  }

  public void close(Duration grace) {
    List<Connection> open;
    synchronized (this) {
      isClosed = true;
      open = List.copyOf(connections);
      connections.clear();
    }
    open.forEach(connection -> connection.close(grace.toMillis()));
    timer.shutdown();
  }

  /** One unary call, through all its attempts. */
  private final class Asking<A extends Message> {
    private final Method method;
    private final byte[] message;
    private final Parser<A> reply;
    private final CallOptions options;
    private final long deadline;
    private final CompletableFuture<A> answer;
    private int attempt;

    Asking(
        Method method, byte[] message, Parser<A> reply, CallOptions options, long deadline,
        CompletableFuture<A> answer) {
      this.method = method;
      this.message = message;
      this.reply = reply;
      this.options = options;
      this.deadline = deadline;
      this.answer = answer;
    }

    void ask() {
      attempt += 1;
      whenReady(
          deadline,
          (connection, failed) -> {
            if (failed != null) {
              failed(failed);
              return;
            }
            Call call =
                new Call(method, message, options.packedMetadata(), deadline, this::ended);
            connection.begin(call);
            answer.whenComplete(
                (result, error) -> {
                  if (answer.isCancelled()) {
                    connection.give(
                        call, StatusException.of(Code.CANCELLED, "", "Cancelled.", false));
                  }
                });
          });
    }

    private void ended(byte[] last, StatusException error) {
      if (error != null) {
        failed(error);
        return;
      }
      try {
        answer.complete(parsed(reply, last));
      } catch (StatusException unreadable) {
        answer.completeExceptionally(unreadable);
      }
    }

    private void failed(StatusException error) {
      boolean isRepeatable = method.reads() || options.repeatable();
      long wait = settings.retry().waitMs(attempt, error, isRepeatable);
      if (wait < 0 || answer.isDone() || !later(wait, deadline, this::ask)) {
        answer.completeExceptionally(error);
      }
    }
  }

  // ------------------------------------------------------------ connections

  /** Waits for a connection that takes calls. */
  Connection ready(long deadline) {
    CompletableFuture<Connection> found = new CompletableFuture<>();
    whenReady(
        deadline,
        (connection, failed) -> {
          if (failed != null) {
            found.completeExceptionally(failed);
          } else {
            found.complete(connection);
          }
        });
    return joined(found);
  }

  private void whenReady(long deadline, BiConsumer<Connection, StatusException> then) {
    CompletableFuture<Connection> found = connection();
    if (found.isDone() && !found.isCompletedExceptionally()) {
      then.accept(found.join(), null);
      return;
    }
    AtomicBoolean isSaid = new AtomicBoolean();
    BiConsumer<Connection, StatusException> once =
        (connection, failed) -> {
          if (isSaid.compareAndSet(false, true)) {
            then.accept(connection, failed);
          }
        };
    if (deadline != 0) {
      long left = deadline - System.nanoTime();
      ScheduledFuture<?> tooLate =
          timer.schedule(
              () -> once.accept(null, StatusException.deadlineExceeded()),
              left,
              TimeUnit.NANOSECONDS);
      found.whenComplete((connection, error) -> tooLate.cancel(false));
    }
    awaitReady(found, deadline, 1, once);
  }

  private void awaitReady(
      CompletableFuture<Connection> found, long deadline, int attempt,
      BiConsumer<Connection, StatusException> then) {
    found.whenComplete(
        (connection, error) -> {
          if (error == null) {
            then.accept(connection, null);
            return;
          }
          StatusException failed = status(error);
          boolean waits = settings.waitForReady() && failed.code == Code.UNAVAILABLE;
          long pause = settings.retry().pauseMs(attempt, failed.retryAfterMs);
          Runnable again = () -> awaitReady(connection(), deadline, attempt + 1, then);
          if (!waits || !later(pause, deadline, again)) {
            then.accept(null, failed);
          }
        });
  }

  /** The connection that takes calls, or the one attempt to make one that all calls share. */
  private synchronized CompletableFuture<Connection> connection() {
    if (isClosed) {
      return CompletableFuture.failedFuture(
          StatusException.of(Code.CANCELLED, "", "This client is closed.", true));
    }
    if (!connections.isEmpty() && connections.get(connections.size() - 1).canBegin()) {
      return CompletableFuture.completedFuture(connections.get(connections.size() - 1));
    }
    if (connecting == null || connecting.isDone()) {
      CompletableFuture<Connection> attempt = new CompletableFuture<>();
      connecting = attempt;
      daemon("ujuzi connect", () -> connect(attempt)).start();
    }
    return connecting;
  }

  /** Tries each address once. Fails with what the last one said. */
  private void connect(CompletableFuture<Connection> attempt) {
    Wire.Hello hello =
        Wire.Hello.newBuilder()
            .setVersionMin(1)
            .setVersionMax(1)
            .setClient(settings.name())
            .setKeepaliveMs((int) settings.keepalive().toMillis())
            .build();
    StatusException refused = null;
    for (int tries = 0; tries < addresses.size(); tries++) {
      Address address;
      synchronized (this) {
        address = addresses.get(0);
      }
      try {
        Connection connection = Dial.open(address, hello, settings, timer);
        boolean isLate;
        synchronized (this) {
          isLate = isClosed;
          // Those before the last one finish what they have open.
          connections.removeIf(Connection::isOver);
          connections.add(connection);
        }
        if (isLate) {
          connection.close(0);
        }
        attempt.complete(connection);
        return;
      } catch (StatusException error) {
        refused = error;
        synchronized (this) {
          Collections.rotate(addresses, -1);
        }
      } catch (RuntimeException error) {
        attempt.completeExceptionally(error);
        return;
      }
    }
    attempt.completeExceptionally(refused);
  }

  // ------------------------------------------------------------ time and errors

  /** Does it after a while. False: the time of the call would pass meanwhile. */
  private boolean later(long waitMs, long deadline, Runnable body) {
    if (deadline != 0 && System.nanoTime() + waitMs * 1_000_000 - deadline >= 0) {
      return false;
    }
    synchronized (this) {
      if (isClosed) {
        return false;
      }
      timer.schedule(body, waitMs, TimeUnit.MILLISECONDS);
      return true;
    }
  }

  static <A extends Message> A parsed(Parser<A> reply, byte[] message) {
    try {
      return reply.parseFrom(message);
    } catch (InvalidProtocolBufferException error) {
      throw StatusException.of(Code.INTERNAL, "", "An answer that cannot be read.", false);
    }
  }

  private static <T> T joined(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException error) {
      throw status(error);
    }
  }

  private static StatusException status(Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    if (cause instanceof StatusException failed) {
      return failed;
    }
    throw new IllegalStateException(cause);
  }

  private static Thread daemon(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    return thread;
  }
}
