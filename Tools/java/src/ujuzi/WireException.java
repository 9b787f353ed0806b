package ujuzi;

/** The other side broke the protocol: the connection ends. */
final class WireException extends Exception {
  private static final long serialVersionUID = 1;
  /** The name that the page and the vectors give it. */
  final String rule;

  WireException(String rule, String sentence) {
    super(sentence + " (" + rule + ")");
    this.rule = rule;
  }
}
