package ujuzi;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Objects;

/** What a test says. */
final class Check {
  /** A test: a sentence. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface Test {
    String value();
  }

  /** Code that may fail in any way. */
  interface Body {
    void run() throws Exception;
  }

  private Check() {}

  static void that(boolean is, Object what) {
    if (!is) {
      throw new AssertionError(what);
    }
  }

  static void equal(Object meant, Object is) {
    that(Objects.equals(meant, is), meant + " was meant, is " + is);
  }

  /** The status that the body ends with. */
  static StatusException fails(Body body) throws Exception {
    try {
      body.run();
    } catch (StatusException error) {
      return error;
    }
    throw new AssertionError("it did not fail");
  }

  static void throwsA(Class<? extends Exception> kind, Body body) throws Exception {
    try {
      body.run();
    } catch (Exception error) {
      that(kind.isInstance(error), error);
      return;
    }
    throw new AssertionError("it did not fail");
  }
}
