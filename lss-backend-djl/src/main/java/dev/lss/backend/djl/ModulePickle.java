package dev.lss.backend.djl;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A pickle of a TorchScript file: read into values without executing anything, checked, and written
 * again. Known are the instructions that PyTorch writes when it saves a module
 * (torch/csrc/jit/serialization/pickler.cpp), the classes that the file's code defines, and what
 * makes tensors and typed lists. Every refusal is an {@link IllegalArgumentException} in words that
 * follow the file's name. Not thread-safe.
 */
final class ModulePickle {

  private static final int MAX_BYTES = 16 << 20;
  private static final int MAX_VALUES = 1_000_000;

  /** PyTorch walks over objects by recursion. */
  private static final int MAX_DEPTH = 64;

  private static final int MAX_TEXT = 1 << 16;

  private static final Set<String> CALLABLE =
      Set.of(
          "torch._utils _rebuild_tensor_v2",
          "collections OrderedDict",
          "torch.jit._pickle build_intlist",
          "torch.jit._pickle build_floatlist",
          "torch.jit._pickle build_doublelist",
          "torch.jit._pickle build_boollist",
          "torch.jit._pickle build_tensorlist",
          "torch.jit._pickle restore_type_tag");

  /** What is written once and referred to from then on. */
  private static final Set<Kind> SHARED =
      EnumSet.of(Kind.TUPLE, Kind.LIST, Kind.DICT, Kind.CALL, Kind.OBJECT);

  /** What a value is. */
  enum Kind {
    NONE,
    BOOL,
    INTEGER,
    FLOAT,
    TEXT,
    NAME,
    TUPLE,
    LIST,
    DICT,
    CALL,
    OBJECT,
    STORAGE,
    MARK
  }

  /**
   * One value, equal to itself alone, since one that many share must not be hashed by its parts.
   * Parts of a dictionary are keys and values in turn, of a call its function and a tuple.
   */
  static final class Value {
    final Kind kind;
    final Object plain;
    final List<Value> parts = new ArrayList<>();

    Value(Kind kind, Object plain) {
      this.kind = kind;
      this.plain = plain;
    }

    private Value(Kind kind, List<Value> parts) {
      this(kind, "");
      this.parts.addAll(parts);
    }

    String text() {
      if (kind != Kind.TEXT && kind != Kind.NAME) {
        throw new IllegalArgumentException("has a pickle with a %s for a text".formatted(kind));
      }
      return (String) plain;
    }

    long integer() {
      if (kind != Kind.INTEGER) {
        throw new IllegalArgumentException("has a pickle with a %s for a number".formatted(kind));
      }
      return (Long) plain;
    }
  }

  private final ByteBuffer in;
  private final ScriptProgram program;
  private final List<Value> stack = new ArrayList<>();
  private final List<Value> memo = new ArrayList<>();
  private int count;

  private ModulePickle(ByteBuffer pickle, ScriptProgram program) {
    this.in = pickle.slice().order(ByteOrder.LITTLE_ENDIAN);
    this.program = program;
  }

  /** Reads a pickle; the classes that it names must be in the code. */
  static Value read(ByteBuffer pickle, ScriptProgram program) {
    if (pickle.remaining() > MAX_BYTES) {
      throw new IllegalArgumentException(
          "has a pickle of %s bytes, allowed are %s".formatted(pickle.remaining(), MAX_BYTES));
    }
    ModulePickle reader = new ModulePickle(pickle, program);
    try {
      Value value = reader.run();
      extent(value, 0, new HashMap<>());
      return value;
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("has a pickle that ends too early", e);
    }
  }

  private Value run() {
    for (int opcode = in.get() & 0xff; opcode != '.'; opcode = in.get() & 0xff) {
      step(opcode);
    }
    Value value = pop();
    if (!stack.isEmpty() || value.kind == Kind.MARK) {
      throw new IllegalArgumentException("has a pickle that does not end in one value");
    }
    return value;
  }

  private void step(int opcode) {
    switch (opcode) {
      case 0x80 -> {
        if (in.get() != 2) {
          throw new IllegalArgumentException("has a pickle that is not of protocol 2");
        }
      }
      case 'c' -> push(new Value(Kind.NAME, known(line() + " " + line())));
      case ')' -> push(new Value(Kind.TUPLE, List.of()));
      case ']' -> push(new Value(Kind.LIST, List.of()));
      case '}' -> push(new Value(Kind.DICT, List.of()));
      case '(' -> push(new Value(Kind.MARK, ""));
      case 't' -> push(new Value(Kind.TUPLE, popToMark()));
      case 0x85, 0x86, 0x87 -> pushTuple(opcode - 0x84);
      case 'a' -> add(Kind.LIST, List.of(pop()));
      case 'e' -> add(Kind.LIST, popToMark());
      case 's' -> {
        Value value = pop();
        add(Kind.DICT, List.of(pop(), value));
      }
      case 'u' -> add(Kind.DICT, popToMark());
      case 'q' -> remember(in.get() & 0xff);
      case 'r' -> remember(in.getInt());
      case 'h' -> push(recall(in.get() & 0xff));
      case 'j' -> push(recall(in.getInt()));
      case 'X' -> push(new Value(Kind.TEXT, text(in.getInt())));
      case 'J' -> push(new Value(Kind.INTEGER, (long) in.getInt()));
      case 'K' -> push(new Value(Kind.INTEGER, (long) (in.get() & 0xff)));
      case 'M' -> push(new Value(Kind.INTEGER, (long) (in.getShort() & 0xffff)));
      case 0x8a -> push(new Value(Kind.INTEGER, longInteger()));
      case 'G' ->
          push(new Value(Kind.FLOAT, Double.longBitsToDouble(Long.reverseBytes(in.getLong()))));
      case 'N' -> push(new Value(Kind.NONE, ""));
      case 0x88 -> push(new Value(Kind.BOOL, true));
      case 0x89 -> push(new Value(Kind.BOOL, false));
      case 'Q' -> {
        Value id = pop(Kind.TUPLE);
        push(new Value(Kind.STORAGE, List.of(id)));
      }
      case 'R' -> call();
      case 0x81 -> newObject();
      case 'b' -> build();
      default ->
          throw new IllegalArgumentException(
              "has a pickle with the instruction 0x%s, which PyTorch does not write here"
                  .formatted(Integer.toHexString(opcode)));
    }
  }

  private String known(String name) {
    boolean isClass = name.startsWith(ScriptProgram.ROOT);
    boolean isKnown =
        isClass
            ? program.hasClass(name.replace(' ', '.'))
            : CALLABLE.contains(name) || TensorStorage.isStorage(name);
    if (!isKnown) {
      throw new IllegalArgumentException(
          "has a pickle that names \"%s\", which %s"
              .formatted(name, isClass ? "its code does not define" : "no network needs"));
    }
    return name;
  }

  private void call() {
    Value arguments = pop(Kind.TUPLE);
    Value function = pop(Kind.NAME);
    if (!CALLABLE.contains(function.text())) {
      throw new IllegalArgumentException("has a pickle that calls " + function.text());
    }
    if (function.text().endsWith("restore_type_tag")) {
      requireType(arguments);
    }
    push(new Value(Kind.CALL, List.of(function, arguments)));
  }

  /** A type is a text that PyTorch parses, so it is as plain as those that it writes. */
  private static void requireType(Value arguments) {
    boolean isPlain =
        arguments.parts.size() == 2
            && arguments.parts.get(1).text().matches("[A-Za-z_][A-Za-z0-9_., \\[\\]]{0,255}")
            && arguments.parts.get(1).text().chars().filter(c -> c == '[').count() <= 8
            && !arguments.parts.get(1).text().contains(ScriptProgram.ROOT);
    if (!isPlain) {
      throw new IllegalArgumentException("has a pickle with a type that PyTorch does not write");
    }
  }

  private void newObject() {
    Value arguments = pop(Kind.TUPLE);
    Value type = pop(Kind.NAME);
    if (!arguments.parts.isEmpty() || !type.text().startsWith(ScriptProgram.ROOT)) {
      throw new IllegalArgumentException("has a pickle that makes a new " + type.text());
    }
    push(new Value(Kind.OBJECT, List.of(type)));
  }

  private void build() {
    Value state = pop();
    Value object = stack.isEmpty() ? state : stack.get(stack.size() - 1);
    if (object.kind != Kind.OBJECT || object.parts.size() != 1) {
      throw new IllegalArgumentException("has a pickle that gives a state to what takes none");
    }
    object.parts.add(state);
  }

  private void add(Kind kind, List<Value> items) {
    if (stack.isEmpty() || stack.get(stack.size() - 1).kind != kind) {
      throw new IllegalArgumentException("has a pickle that fills what is no %s".formatted(kind));
    }
    if (kind == Kind.DICT && items.size() % 2 != 0) {
      throw new IllegalArgumentException("has a pickle with a key without a value");
    }
    for (int n = 0; kind == Kind.DICT && n < items.size(); n += 2) {
      Kind key = items.get(n).kind;
      if (key != Kind.TEXT && key != Kind.INTEGER && key != Kind.FLOAT && key != Kind.BOOL) {
        throw new IllegalArgumentException("has a pickle with a %s for a key".formatted(key));
      }
    }
    stack.get(stack.size() - 1).parts.addAll(items);
  }

  private void push(Value value) {
    count();
    stack.add(value);
  }

  private void count() {
    if (++count > MAX_VALUES) {
      throw new IllegalArgumentException(
          "has a pickle of more than %s values".formatted(MAX_VALUES));
    }
  }

  private Value pop() {
    if (stack.isEmpty()) {
      throw new IllegalArgumentException("has a pickle with an instruction that finds no value");
    }
    return stack.remove(stack.size() - 1);
  }

  private Value pop(Kind kind) {
    Value value = pop();
    if (value.kind != kind) {
      throw new IllegalArgumentException(
          "has a pickle with a %s where a %s must be".formatted(value.kind, kind));
    }
    return value;
  }

  private void pushTuple(int size) {
    List<Value> parts = new ArrayList<>();
    for (int n = 0; n < size; n++) {
      parts.add(0, pop());
    }
    push(new Value(Kind.TUPLE, parts));
  }

  private List<Value> popToMark() {
    int mark = stack.size() - 1;
    while (mark >= 0 && stack.get(mark).kind != Kind.MARK) {
      mark--;
    }
    if (mark < 0) {
      throw new IllegalArgumentException("has a pickle with an instruction that finds no mark");
    }
    List<Value> items = new ArrayList<>(stack.subList(mark + 1, stack.size()));
    stack.subList(mark, stack.size()).clear();
    return items;
  }

  private void remember(int index) {
    if (stack.isEmpty() || index < 0 || index > memo.size()) {
      throw new IllegalArgumentException("has a pickle that remembers out of order");
    }
    Value value = stack.get(stack.size() - 1);
    if (value.kind == Kind.MARK) {
      throw new IllegalArgumentException("has a pickle that remembers a mark");
    }
    count();
    if (index == memo.size()) {
      memo.add(value);
    } else {
      memo.set(index, value);
    }
  }

  private Value recall(int index) {
    if (index < 0 || index >= memo.size()) {
      throw new IllegalArgumentException("has a pickle that recalls what it never remembered");
    }
    return memo.get(index);
  }

  private String line() {
    StringBuilder line = new StringBuilder();
    for (int c = in.get(); c != '\n'; c = in.get()) {
      if (c <= ' ' || c >= 0x7f || line.length() == 1024) {
        throw new IllegalArgumentException("has a pickle with a name that is none");
      }
      line.append((char) c);
    }
    return line.toString();
  }

  private String text(int bytes) {
    if (bytes < 0 || bytes > MAX_TEXT || bytes > in.remaining()) {
      throw new IllegalArgumentException("has a pickle with a text of %s bytes".formatted(bytes));
    }
    try {
      ByteBuffer text = in.slice(in.position(), bytes);
      in.position(in.position() + bytes);
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("has a pickle with a text that is no UTF-8", e);
    }
  }

  private long longInteger() {
    int bytes = in.get() & 0xff;
    if (bytes > Long.BYTES) {
      throw new IllegalArgumentException("has a pickle with a number of %s bytes".formatted(bytes));
    }
    long value = 0;
    for (int n = 0; n < bytes; n++) {
      value |= (in.get() & 0xffL) << (8 * n);
    }
    int unused = Long.SIZE - 8 * bytes;
    return bytes == 0 ? 0 : value << unused >> unused;
  }

  /** How deep a value is nested, and how many values it is when all that is shared is copied. */
  private record Extent(int height, long values) {
    static final Extent UNDER_WAY = new Extent(MAX_DEPTH, 0);
  }

  /** PyTorch walks over modules without seeing that two of them are one; so copies count. */
  private static Extent extent(Value value, int depth, Map<Value, Extent> known) {
    Extent before = known.get(value);
    if (before == null && depth <= MAX_DEPTH) {
      known.put(value, Extent.UNDER_WAY);
      before = new Extent(0, 1);
      for (Value part : value.parts) {
        Extent inner = extent(part, depth + 1, known);
        before =
            new Extent(
                Math.max(before.height(), 1 + inner.height()), before.values() + inner.values());
        if (before.values() > MAX_VALUES) {
          throw new IllegalArgumentException(
              "has a pickle of more than %s values once they are copied".formatted(MAX_VALUES));
        }
      }
      known.put(value, before);
    }
    if (before == null || depth + before.height() > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "has a pickle that is nested more than %s deep".formatted(MAX_DEPTH));
    }
    return before;
  }

  /**
   * Writes a value again.
   *
   * @param storage gives the tuple that names a storage in the archive that is written
   */
  static byte[] write(Value value, Function<Value, List<Object>> storage) {
    Map<Value, Integer> uses = new HashMap<>();
    countUses(value, uses);
    PickleWriter out = new PickleWriter();
    write(out, value, uses, new HashMap<>(), storage);
    return out.stop();
  }

  private static void countUses(Value value, Map<Value, Integer> uses) {
    if (uses.merge(value, 1, Integer::sum) == 1) {
      value.parts.forEach(part -> countUses(part, uses));
    }
  }

  private static void write(
      PickleWriter out,
      Value value,
      Map<Value, Integer> uses,
      Map<Value, Integer> written,
      Function<Value, List<Object>> storage) {
    Integer before = written.get(value);
    if (before != null) {
      out.recall(before);
      return;
    }
    switch (value.kind) {
      case NONE -> out.none();
      case BOOL -> out.bool((Boolean) value.plain);
      case INTEGER -> out.integer(value.integer());
      case FLOAT -> out.real((Double) value.plain);
      case TEXT -> out.string(value.text());
      case NAME -> {
        int space = value.text().indexOf(' ');
        out.global(value.text().substring(0, space), value.text().substring(space + 1));
      }
      case TUPLE -> {
        out.mark();
        value.parts.forEach(part -> write(out, part, uses, written, storage));
        out.tuple();
      }
      case LIST -> {
        out.emptyList().mark();
        value.parts.forEach(part -> write(out, part, uses, written, storage));
        out.appends();
      }
      case DICT -> {
        out.emptyDict().mark();
        value.parts.forEach(part -> write(out, part, uses, written, storage));
        out.setItems();
      }
      case CALL -> {
        value.parts.forEach(part -> write(out, part, uses, written, storage));
        out.reduce();
      }
      case OBJECT -> {
        if (value.parts.size() != 2) {
          throw new IllegalArgumentException("has a pickle with an object without a state");
        }
        write(out, value.parts.get(0), uses, written, storage);
        out.emptyTuple().newObject();
        write(out, value.parts.get(1), uses, written, storage);
        out.build();
      }
      case STORAGE -> writeStorage(out, storage.apply(value));
      case MARK -> throw new IllegalArgumentException("has a pickle with a mark for a value");
    }
    if (SHARED.contains(value.kind) && uses.getOrDefault(value, 1) > 1) {
      written.put(value, written.size());
      out.remember(written.size() - 1);
    }
  }

  private static void writeStorage(PickleWriter out, List<Object> id) {
    out.mark().string("storage").global("torch", (String) id.get(0));
    out.string((String) id.get(1)).string("cpu").integer((Long) id.get(2)).tuple();
    out.persistentId();
  }
}
