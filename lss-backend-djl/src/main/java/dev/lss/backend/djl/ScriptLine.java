package dev.lss.backend.djl;

import java.util.List;
import java.util.Set;

/**
 * One statement of TorchScript code, or the head of a block. Immutable.
 *
 * @param depth how many blocks it lies in
 * @param tokens its tokens, at least one
 * @param longest tokens of its longest expression
 */
record ScriptLine(int depth, List<ScriptToken> tokens, int longest) {

  private static final Set<String> ASSIGNING = Set.of("=", "+=", "-=", "*=", "/=", "//=", "**=");

  /** A block is worth so many tokens of an expression, as it nests PyTorch's own calls. */
  private static final int BLOCK = 10;

  /** Copies the list. */
  ScriptLine {
    tokens = List.copyOf(tokens);
  }

  /** Returns whether the token at this place is this name or sign. */
  boolean is(int at, String text) {
    return at >= 0 && at < tokens.size() && tokens.get(at).is(text);
  }

  boolean isName(int at) {
    return at >= 0 && at < tokens.size() && tokens.get(at).isName();
  }

  String text(int at) {
    return tokens.get(at).text();
  }

  /** Returns how deep PyTorch's own calls nest on this line, in tokens. */
  int nesting() {
    return longest + BLOCK * depth;
  }

  int size() {
    return tokens.size();
  }

  /**
   * Returns how many tokens stand in front of the sign that assigns; 0 where nothing is assigned.
   */
  int assigned() {
    if (is(0, "def") || is(0, "class")) {
      return 0;
    }
    int open = 0;
    int end = 0;
    for (int at = 0; at < size(); at++) {
      ScriptToken token = tokens.get(at);
      if (token.kind() == ScriptToken.Kind.SIGN && "([{".contains(token.text())) {
        open++;
      } else if (token.kind() == ScriptToken.Kind.SIGN && ")]}".contains(token.text())) {
        open--;
      } else if (open == 0
          && (ASSIGNING.contains(token.text()) || (is(0, "for") && is(at, "in")))) {
        end = at;
      }
    }
    return end;
  }

  /** Appends the line as it is written again. */
  void writeTo(StringBuilder code) {
    code.append("  ".repeat(depth));
    for (int n = 0; n < tokens.size(); n++) {
      ScriptToken token = tokens.get(n);
      code.append(n > 0 && token.isApart() ? " " : "").append(token.text());
    }
    code.append('\n');
  }
}
