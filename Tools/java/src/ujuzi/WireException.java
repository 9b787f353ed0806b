package ujuzi;

/** The other side broke the protocol: the connection ends. */
final class WireException extends Exception {
  private static final long serialVersionUID = 1;
  /** The name that the page and the vectors give it. */
  final String rule;

  /** What goes with the rule: those that are limits are no breach. */
  Code code() {
    boolean isLimit =
        java.util.Set.of("frame_too_long", "metadata_too_long", "connection_credit_max")
            .contains(rule);
    return isLimit ? Code.RESOURCE_EXHAUSTED : Code.INTERNAL;
  }

  WireException(String rule, String sentence) {
    super(sentence + " (" + rule + ")");
    this.rule = rule;
  }
}
