package ujuzi;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs every test, or those whose class is named. The last line counts them. */
final class TestMain {
  /** A test that takes longer has hung. */
  private static final long SECONDS_MAX = 180;

  public static void main(String[] names) {
    int passed = 0;
    int failed = 0;
    for (Class<?> group :
        List.of(
            VectorTests.class, AnswerVectorTests.class, PeerTests.class, StreamTests.class,
            TLSTests.class, ServerTests.class)) {
      if (names.length > 0 && !Arrays.asList(names).contains(group.getSimpleName())) {
        continue;
      }
      List<Method> tests =
          Arrays.stream(group.getDeclaredMethods())
              .filter(method -> method.isAnnotationPresent(Check.Test.class))
              .sorted(Comparator.comparing(Method::getName))
              .toList();
      for (Method test : tests) {
        long began = System.nanoTime();
        Throwable error = run(group, test);
        String sentence = test.getAnnotation(Check.Test.class).value();
        long ms = (System.nanoTime() - began) / 1_000_000;
        System.out.println((error == null ? "passed " : "FAILED ") + sentence + " (" + ms + " ms)");
        if (error == null) {
          passed += 1;
        } else {
          failed += 1;
          error.printStackTrace(System.out);
        }
      }
    }
    Registry.stopAll();
    System.out.println(passed + " passed, " + failed + " failed");
    System.exit(failed == 0 && passed > 0 ? 0 : 1);
  }

  private static Throwable run(Class<?> group, Method test) {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              test.invoke(group.getDeclaredConstructor().newInstance());
              return null;
            });
    Thread thread = new Thread(task, test.getName());
    thread.setDaemon(true);
    thread.start();
    try {
      task.get(SECONDS_MAX, TimeUnit.SECONDS);
      return null;
    } catch (ExecutionException error) {
      Throwable cause = error.getCause();
      return cause instanceof InvocationTargetException ? cause.getCause() : cause;
    } catch (TimeoutException | InterruptedException error) {
      AssertionError hung = new AssertionError("not done after " + SECONDS_MAX + " s");
      hung.setStackTrace(thread.getStackTrace());
      return hung;
    }
  }
}
