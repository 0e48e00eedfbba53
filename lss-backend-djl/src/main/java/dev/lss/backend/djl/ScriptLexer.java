package dev.lss.backend.djl;

import dev.lss.backend.djl.ScriptToken.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Cuts TorchScript code into lines and tokens, as much of the language as PyTorch writes when it
 * saves a module (torch/csrc/jit/serialization/python_print.cpp), and no more: code is printable
 * ASCII, texts are in one pair of quotes, blocks are indented with spaces, and what is nested is
 * nested {@value #MAX_NESTING} deep at most, because PyTorch's own parser calls itself for every
 * level and ends the process when the stack does. Comments are dropped. Not thread-safe.
 */
final class ScriptLexer {

  static final int MAX_NESTING = 32;

  /**
   * Signs and names without a comma between them, those in front of open brackets included: each
   * may be a level of the tree.
   */
  private static final int MAX_CHAIN = 200;

  private static final int MAX_WORD = 1024;

  /** Longest first. */
  private static final List<String> SIGNS =
      List.of(
          "//=", "**=", "->", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", "//", "**", "<<",
          ">>", "+", "-", "*", "/", "%", "=", "<", ">", "&", "|", "^", "~", ":", ",", ".", "(", ")",
          "[", "]", "{", "}");

  /** Names of the language that no module needs which only calculates. */
  private static final Set<String> REFUSED =
      Set.of(
          "while",
          "with",
          "lambda",
          "try",
          "except",
          "finally",
          "import",
          "from",
          "global",
          "nonlocal",
          "async",
          "await",
          "yield",
          "del",
          "assert",
          "raise",
          "elif",
          "break",
          "continue",
          "print",
          "fork",
          "wait",
          "exec",
          "eval");

  private final byte[] code;
  private final List<ScriptLine> lines = new ArrayList<>();
  private final List<ScriptToken> tokens = new ArrayList<>();
  private final Deque<Integer> indents = new ArrayDeque<>(List.of(0));
  private final Deque<Character> closers = new ArrayDeque<>();

  /** Length of the expression that is being read, by the number of brackets that are open. */
  private final int[] chains = new int[MAX_NESTING + 1];

  /** What stands in front of the brackets that are open. */
  private final int[] starts = new int[MAX_NESTING + 1];

  private int longest;
  private int at;

  private ScriptLexer(byte[] code) {
    this.code = code;
  }

  /**
   * Returns the lines of code.
   *
   * @throws IllegalArgumentException with what is not understood, in words that follow "its code"
   */
  static List<ScriptLine> lines(ByteBuffer code) {
    byte[] bytes = new byte[code.remaining()];
    code.duplicate().get(bytes);
    ScriptLexer lexer = new ScriptLexer(bytes);
    while (lexer.at < bytes.length) {
      lexer.line();
    }
    return lexer.lines;
  }

  private IllegalArgumentException refused(String why) {
    long line = 1;
    for (int n = 0; n < Math.min(at, code.length); n++) {
      line += code[n] == '\n' ? 1 : 0;
    }
    return new IllegalArgumentException("%s (line %s)".formatted(why, line));
  }

  private int peek(int ahead) {
    return at + ahead < code.length ? code[at + ahead] & 0xff : '\n';
  }

  private void line() {
    int spaces = 0;
    while (at < code.length && code[at] == ' ') {
      spaces++;
      at++;
    }
    boolean isApart = false;
    while (at < code.length && (code[at] != '\n' || !closers.isEmpty())) {
      int c = peek(0);
      if (c == ' ' || c == '\n') {
        isApart = true;
        at++;
      } else if (c == '#') {
        while (at < code.length && code[at] != '\n') {
          at++;
        }
      } else {
        add(isApart);
        isApart = false;
      }
    }
    at++;
    if (!closers.isEmpty()) {
      throw refused("ends inside brackets");
    }
    if (!tokens.isEmpty()) {
      lines.add(new ScriptLine(depth(spaces), tokens, longest));
      tokens.clear();
      chains[0] = 0;
      longest = 0;
    }
  }

  private int depth(int spaces) {
    while (spaces < indents.element()) {
      indents.pop();
    }
    if (spaces > indents.element()) {
      indents.push(spaces);
    }
    if (indents.size() > MAX_NESTING) {
      throw refused("has blocks more than %s deep".formatted(MAX_NESTING));
    }
    return indents.size() - 1;
  }

  private void add(boolean isApart) {
    ScriptToken token = token(isApart);
    if (REFUSED.contains(token.text())) {
      throw refused("uses \"%s\", which a network has no need of".formatted(token.text()));
    }
    char first = token.kind() == Kind.SIGN ? token.text().charAt(0) : 0;
    if (first == '(' || first == '[' || first == '{') {
      if (closers.size() == MAX_NESTING) {
        throw refused("has brackets more than %s deep".formatted(MAX_NESTING));
      }
      closers.push(first == '(' ? ')' : first == '[' ? ']' : '}');
      chains[closers.size()] = chains[closers.size() - 1];
      starts[closers.size()] = chains[closers.size()];
    } else if ((first == ')' || first == ']' || first == '}')
        && (closers.isEmpty() || closers.pop() != first)) {
      throw refused("closes a bracket that is not open");
    }
    int level = closers.size();
    chains[level] = first == ',' ? starts[level] : chains[level] + 1;
    longest = Math.max(longest, chains[level]);
    if (longest > MAX_CHAIN) {
      throw refused("has an expression of more than %s parts".formatted(MAX_CHAIN));
    }
    tokens.add(token);
  }

  private ScriptToken token(boolean isApart) {
    int c = peek(0);
    int from = at;
    if (isLetter(c)) {
      while (isLetter(peek(0)) || isDigit(peek(0))) {
        at++;
      }
      return word(Kind.NAME, from, isApart);
    }
    if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
      number();
      return word(Kind.NUMBER, from, isApart);
    }
    if (c == '"' || c == '\'') {
      return new ScriptToken(Kind.TEXT, text(c), isApart);
    }
    for (String sign : SIGNS) {
      if (startsWith(sign)) {
        at += sign.length();
        return new ScriptToken(Kind.SIGN, sign, isApart);
      }
    }
    throw refused("has the byte 0x%s where none may be".formatted(Integer.toHexString(c)));
  }

  private boolean startsWith(String sign) {
    for (int n = 0; n < sign.length(); n++) {
      if (peek(n) != sign.charAt(n)) {
        return false;
      }
    }
    return true;
  }

  private ScriptToken word(Kind kind, int from, boolean isApart) {
    if (at - from > MAX_WORD) {
      throw refused("has a word of %s letters".formatted(at - from));
    }
    return new ScriptToken(
        kind, new String(code, from, at - from, StandardCharsets.US_ASCII), isApart);
  }

  private void number() {
    digits();
    if (peek(0) == '.') {
      at++;
      digits();
    }
    if (peek(0) == 'e' || peek(0) == 'E') {
      at++;
      at += peek(0) == '-' || peek(0) == '+' ? 1 : 0;
      digits();
    }
    if (isLetter(peek(0)) || peek(0) == '.') {
      throw refused("has a number that is none");
    }
  }

  private void digits() {
    while (isDigit(peek(0))) {
      at++;
    }
  }

  /** Reads a text as PyTorch does and returns it in double quotes, so that no reader can err. */
  private String text(int quote) {
    StringBuilder text = new StringBuilder("\"");
    at++;
    if (peek(0) == quote && peek(1) == quote) {
      throw refused("has a text in triple quotes");
    }
    while (peek(0) != quote) {
      int c = peek(0);
      at++;
      if (c == '\\') {
        c = escaped();
      }
      if (at >= code.length || (c == '\n' && code[at - 1] == '\n')) {
        throw refused("has a text without an end");
      }
      boolean plain = c >= ' ' && c < 0x7f && c != '"' && c != '\\';
      text.append(plain ? Character.toString(c) : String.format(Locale.ROOT, "\\%03o", c));
    }
    at++;
    return text.append('"').toString();
  }

  private int escaped() {
    int c = peek(0);
    at++;
    int known = "abfnrtv\\'\"".indexOf(c);
    if (known >= 0) {
      return "\007\b\f\n\r\t\013\\'\"".charAt(known);
    }
    int value = 0;
    int digits = 0;
    at--;
    while (digits < 3 && peek(0) >= '0' && peek(0) <= '7') {
      value = value * 8 + peek(0) - '0';
      at++;
      digits++;
    }
    if (digits == 0 || value > 0xff) {
      throw refused("has an escape that PyTorch does not write");
    }
    return value;
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
