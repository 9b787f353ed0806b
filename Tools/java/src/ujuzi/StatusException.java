package ujuzi;

import ujuzi.v1.Wire;

/**
 * A call ended with a status that is not OK, whoever said so: the server or this client.
 *
 * <p>{@code notProcessed}: the call was not begun, so asking again is safe. {@code retryAfterMs}:
 * when it is not 0, the time to wait before. {@code field}, {@code rule} and {@code state} say what
 * is meant, or are empty.
 */
public final class StatusException extends RuntimeException {
  private static final long serialVersionUID = 1;
  public final Code code;
  public final String sentence;
  public final String field;
  public final String rule;
  public final String state;
  public final long retryAfterMs;
  public final boolean notProcessed;

  StatusException(
      Code code, String sentence, String field, String rule, String state, long retryAfterMs,
      boolean notProcessed) {
    super(code + ": " + sentence);
    this.code = code;
    this.sentence = sentence;
    this.field = field;
    this.rule = rule;
    this.state = state;
    this.retryAfterMs = retryAfterMs;
    this.notProcessed = notProcessed;
  }

  static StatusException of(Code code, String rule, String sentence, boolean notProcessed) {
    return new StatusException(code, sentence, "", rule, "", 0, notProcessed);
  }

  static StatusException of(Wire.Status status) {
    Wire.StatusDetail detail = status.getDetail();
    return new StatusException(
        Code.of(status.getCode()),
        status.getMessage(),
        detail.getField(),
        detail.getRule(),
        detail.getState(),
        Integer.toUnsignedLong(status.getRetryAfterMs()),
        status.getNotProcessed());
  }

  /** HELLO_NO: nothing was begun. A code of 0 says that no version is common. */
  static StatusException refused(Wire.HelloNo no) {
    Code code = Code.of(no.getCode());
    if (code == Code.OK) {
      code = no.getRetryAfterMs() != 0 ? Code.UNAVAILABLE : Code.FAILED_PRECONDITION;
    }
    long wait = Integer.toUnsignedLong(no.getRetryAfterMs());
    return new StatusException(code, no.getMessage(), "", no.getRule(), "", wait, true);
  }

  static StatusException unavailable(String rule, String sentence, boolean notProcessed) {
    return of(Code.UNAVAILABLE, rule, sentence, notProcessed);
  }

  static StatusException deadlineExceeded() {
    return of(Code.DEADLINE_EXCEEDED, "timeout", "The time of the call has passed.", false);
  }
}
