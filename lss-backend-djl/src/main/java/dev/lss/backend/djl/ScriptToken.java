package dev.lss.backend.djl;

/**
 * One token of TorchScript code. Immutable.
 *
 * @param kind what it is
 * @param text how it is written again; of a text in quotes the quoted form
 * @param isApart whether white space stood in front of it
 */
record ScriptToken(Kind kind, String text, boolean isApart) {

  /** Kinds of tokens. */
  enum Kind {
    NAME,
    NUMBER,
    TEXT,
    SIGN
  }

  boolean is(String other) {
    return kind != Kind.TEXT && text.equals(other);
  }

  boolean isName() {
    return kind == Kind.NAME;
  }

  /** Returns what stands between the quotes of a text that has no escapes. */
  String quoted() {
    return text.substring(1, text.length() - 1);
  }
}
