package dev.lss.core.nnunet;

import dev.lss.api.ModelException;
import dev.lss.core.nnunet.PickleValue.Dtype;
import dev.lss.core.nnunet.PickleValue.Global;
import dev.lss.core.nnunet.PickleValue.Mark;
import dev.lss.core.nnunet.PickleValue.None;
import dev.lss.core.nnunet.PickleValue.NumpyArray;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Interprets the pickle of a checkpoint without executing anything. A pickle is a program for a
 * stack machine whose full instruction set can call any Python function; here the machine knows
 * only the instructions that {@code torch.save} writes (protocol 2, Python's Lib/pickletools.py),
 * and only the names in {@link Callable}. Every other instruction or name is refused.
 *
 * <p>dict becomes a map in order, list and tuple a list, set a set, None {@link None}, int a Long,
 * float a Double. Every instruction makes at most one value, every value that is remembered and
 * every item of a list that a function is given counts once more, and at most {@value #MAX_VALUES}
 * are allowed, so time and memory are bounded whatever the pickle says. Not thread-safe.
 */
final class Pickle {

  private static final int MAX_VALUES = 1_000_000;

  private final String file;
  private final ByteBuffer in;
  private final List<Object> stack = new ArrayList<>();
  private final List<Object> memo = new ArrayList<>();
  private long values;

  private Pickle(String file, byte[] bytes) {
    this.file = file;
    this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Returns the value that the pickle describes.
   *
   * @param file name for messages
   * @param bytes the pickle
   */
  static Object read(String file, byte[] bytes) {
    Pickle pickle = new Pickle(file, bytes);
    try {
      return pickle.run();
    } catch (BufferUnderflowException e) {
      throw StoredZip.bad(file, "its pickle is truncated");
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw StoredZip.bad(
          file, "%s (byte %s of its pickle)".formatted(e.getMessage(), pickle.in.position()));
    }
  }

  /** Returns a value that may be a key: scalars and texts only, so that hashing stays shallow. */
  static Object key(Object value) {
    if (value instanceof String
        || value instanceof Long
        || value instanceof Double
        || value instanceof Boolean
        || value instanceof None) {
      return value;
    }
    throw new IllegalArgumentException(
        "a key must be a text or a number, was a " + value.getClass().getSimpleName());
  }

  private Object run() {
    while (true) {
      int opcode = in.get() & 0xff;
      if (opcode == '.') {
        if (stack.size() != 1) {
          throw new IllegalArgumentException("it leaves %s values".formatted(stack.size()));
        }
        return pop();
      }
      step(opcode);
    }
  }

  private void step(int opcode) {
    switch (opcode) {
      case 0x80 -> protocol();
      case '}' -> push(new LinkedHashMap<Object, Object>());
      case ']' -> push(new ArrayList<>());
      case ')' -> push(List.of());
      case '(' -> push(Mark.MARK);
      case 't' -> push(List.copyOf(popToMark()));
      case 0x85 -> push(popTuple(1));
      case 0x86 -> push(popTuple(2));
      case 0x87 -> push(popTuple(3));
      case 'a' -> {
        Object item = pop();
        list(top()).add(item);
      }
      case 'e' -> {
        List<Object> items = popToMark();
        list(top()).addAll(items);
      }
      case 's' -> {
        Object value = pop();
        Object key = key(pop());
        dict(top()).put(key, value);
      }
      case 'u' -> setItems(popToMark());
      case 'q' -> remember(in.get() & 0xff);
      case 'r' -> remember(in.getInt());
      case 'h' -> push(recall(in.get() & 0xff));
      case 'j' -> push(recall(in.getInt()));
      case 'X' -> push(new String(take(in.getInt()), StandardCharsets.UTF_8));
      case 'J' -> push((long) in.getInt());
      case 'K' -> push((long) (in.get() & 0xff));
      case 'M' -> push((long) (in.getShort() & 0xffff));
      case 0x8a -> push(integer(take(in.get() & 0xff)));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
      case 'N' -> push(None.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'c' -> push(global(line() + "." + line()));
      case 'Q' -> push(storage(pop()));
      case 'R' -> reduce();
      case 'b' -> build();
      default ->
          throw notAllowed(
              "the pickle instruction 0x%s at byte %s"
                  .formatted(Integer.toHexString(opcode), in.position() - 1));
    }
  }

  private void protocol() {
    int version = in.get() & 0xff;
    if (version != 2) {
      throw notAllowed("pickle protocol %s (only 2 is)".formatted(version));
    }
  }

  private void setItems(List<Object> items) {
    Map<Object, Object> dict = dict(top());
    if (items.size() % 2 != 0) {
      throw new IllegalArgumentException("a dict is filled with pairs");
    }
    for (int i = 0; i < items.size(); i += 2) {
      dict.put(key(items.get(i)), items.get(i + 1));
    }
  }

  private Object global(String name) {
    return new Global(
        Callable.find(name)
            .orElseThrow(() -> notAllowed("\"%s\"".formatted(StoredZip.shown(name)))));
  }

  /** The persistent id of a storage: ("storage", class, key, device, number of values). */
  private Object storage(Object id) {
    if (id instanceof List<?> parts
        && parts.size() == 5
        && "storage".equals(parts.get(0))
        && parts.get(1) instanceof Global type
        && parts.get(2) instanceof String key
        && parts.get(4) instanceof Long count
        && count >= 0) {
      return new StoredTensor.Storage(
          Callable.storage(type.callable().name())
              .orElseThrow(() -> new IllegalArgumentException("a storage has a storage class")),
          key,
          count);
    }
    throw new IllegalArgumentException("a reference to something that is no storage");
  }

  private void reduce() {
    Object arguments = pop();
    Object function = pop();
    if (!(function instanceof Global global) || !(arguments instanceof List<?> list)) {
      throw notAllowed("calling a value that is not on the list");
    }
    if (list.isEmpty() && !global.callable().name().startsWith("collections.")) {
      throw new IllegalArgumentException(global.callable().name() + " without arguments");
    }
    for (Object argument : list) {
      // A list that was remembered can be given again and again: what is copied must count.
      count(argument instanceof Collection<?> items ? items.size() : 0);
    }
    try {
      push(global.callable().apply().apply(list));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(global.callable().name() + ": " + e.getMessage(), e);
    }
  }

  /** State is taken only where it changes nothing: a dict, an array that is not kept, a dtype. */
  private void build() {
    Object state = pop();
    Object target = top();
    boolean known =
        target instanceof Map<?, ?>
            || target instanceof NumpyArray
            || (target instanceof Dtype
                && state instanceof List<?> parts
                && parts.size() >= 2
                && ("<".equals(parts.get(1)) || "|".equals(parts.get(1))));
    if (!known) {
      throw notAllowed("setting the state of a " + target.getClass().getSimpleName());
    }
  }

  private static Object integer(byte[] little) {
    if (little.length > 8) {
      throw new IllegalArgumentException("a whole number has more than 8 bytes");
    }
    byte[] big = new byte[little.length];
    for (int i = 0; i < big.length; i++) {
      big[i] = little[little.length - 1 - i];
    }
    return big.length == 0 ? 0L : new BigInteger(big).longValueExact();
  }

  private byte[] take(int length) {
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private String line() {
    int start = in.position();
    while (in.get() != '\n') {
      if (in.position() - start > 200) {
        throw new IllegalArgumentException("a name has more than 200 bytes");
      }
    }
    return new String(in.array(), start, in.position() - 1 - start, StandardCharsets.UTF_8);
  }

  private void push(Object value) {
    count(1);
    stack.add(value);
  }

  private void count(int more) {
    values += more;
    if (values > MAX_VALUES) {
      throw new IllegalArgumentException("it holds more than %s values".formatted(MAX_VALUES));
    }
  }

  private void remember(int index) {
    if (index < 0 || index > memo.size()) {
      throw new IllegalArgumentException(
          "it remembers value %s after %s".formatted(index, memo.size()));
    }
    if (index < memo.size()) {
      memo.set(index, top());
    } else {
      count(1);
      memo.add(top());
    }
  }

  private Object top() {
    if (stack.isEmpty()) {
      throw new IllegalArgumentException("an instruction finds no value");
    }
    return stack.get(stack.size() - 1);
  }

  private Object pop() {
    Object value = top();
    stack.remove(stack.size() - 1);
    return value;
  }

  private List<Object> popTuple(int size) {
    if (stack.size() < size) {
      throw new IllegalArgumentException("a tuple finds too few values");
    }
    List<Object> end = stack.subList(stack.size() - size, stack.size());
    List<Object> tuple = List.copyOf(end);
    end.clear();
    return tuple;
  }

  private List<Object> popToMark() {
    int mark = stack.lastIndexOf(Mark.MARK);
    if (mark < 0) {
      throw new IllegalArgumentException("an instruction finds no mark");
    }
    List<Object> end = stack.subList(mark, stack.size());
    List<Object> items = new ArrayList<>(end.subList(1, end.size()));
    end.clear();
    return items;
  }

  private Object recall(int index) {
    if (index < 0 || index >= memo.size()) {
      throw new IllegalArgumentException("it recalls value %s before it is there".formatted(index));
    }
    return memo.get(index);
  }

  @SuppressWarnings("unchecked") // lists that are not tuples are made here, of objects
  private static List<Object> list(Object value) {
    if (value instanceof ArrayList<?>) {
      return (List<Object>) value;
    }
    throw new IllegalArgumentException("items are added to something that is no list");
  }

  @SuppressWarnings("unchecked") // maps are made here and in Callable, of objects
  private static Map<Object, Object> dict(Object value) {
    if (value instanceof LinkedHashMap<?, ?>) {
      return (Map<Object, Object>) value;
    }
    throw new IllegalArgumentException("items are set in something that is no dict");
  }

  private ModelException notAllowed(String what) {
    return new ModelException(
        "CHECKPOINT_NOT_ALLOWED",
        "%s asks for %s, which is not on the list of what a checkpoint may hold; nothing was"
                .formatted(file, what)
            + " executed");
  }
}
