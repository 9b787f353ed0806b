package ujuzi;

/** Credit in one direction, in bytes. A beginning of {@link Limits#NONE} means that nothing is counted. */
final class Credit {
  private final long beginning;
  private long left;
  private long unreturned;

  Credit(long beginning) {
    this.beginning = beginning;
    this.left = beginning;
  }

  boolean isOpen() {
    return left > 0;
  }

  void take(int length) {
    if (beginning != Limits.NONE) {
      left -= length;
    }
  }

  /** Adds what the other side gave. False: it is more than may be held. */
  boolean add(int given, long max) {
    if (beginning == Limits.NONE) {
      return true;
    }
    left += Integer.toUnsignedLong(given);
    return left <= max;
  }

  /** Bytes that nobody consumes: given back with what is consumed next. */
  void owe(int length) {
    unreturned += length;
  }

  /** The credit to give back now: nothing until it is a quarter of the beginning. */
  int consumed(int length) {
    if (beginning == Limits.NONE) {
      return 0;
    }
    unreturned += length;
    if (unreturned == 0 || unreturned < beginning / 4) {
      return 0;
    }
    int given = (int) unreturned;
    left += unreturned;
    unreturned = 0;
    return given;
  }
}
