package io.circuitscript.io;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a Python pickle of plain data and tensors, and refuses every other. A pickle is a program for a machine with a stack, and may call whatever it
 * names: this machine has no calls but two, the one that makes a tensor and the one that makes an ordered dictionary.
 *
 * <p>What comes out: {@code null}, Boolean, Long, Double, String, List (of lists and tuples), Map, and {@link TorchTensor}.
 */
public final class PlainPickle {
    private static final String TENSOR = "torch._utils._rebuild_tensor_v2";
    private static final String ORDERED = "collections.OrderedDict";

    /** A pickle that is broken, or that holds more than plain data; its message ends a sentence that begins with the file's name. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /** Where a list, a tuple or the items of a dictionary begin. */
    private enum Mark {
        MARK
    }

    /** What may be named: by its full name. */
    private record Named(String name) {}

    /** Where a tensor's numbers are: a part of the file. */
    private record Storage(TorchTensor.Element element, String key, long size) {}

    private final ByteBuffer in;
    private final List<Object> stack = new ArrayList<>();
    private final Map<Integer, Object> memo = new HashMap<>();

    private PlainPickle(byte[] pickle) {
        this.in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** @throws Refused where it is broken, or more than plain data and tensors */
    public static Object read(byte[] pickle) {
        try {
            return new PlainPickle(pickle).run();
        } catch (BufferUnderflowException e) {
            throw new Refused("its pickle ends too early");
        }
    }

    private Object run() {
        while (true) {
            int code = in.get() & 0xFF;
            if (code == '.') return pop();
            step(code);
        }
    }

    private void step(int code) {
        switch (code) {
            case 0x80 -> in.get(); // the protocol's number: instructions tell themselves
            case 0x95 -> in.getLong(); // a frame's length
            case '(' -> stack.add(Mark.MARK);
            case 'N' -> stack.add(null);
            case 0x88 -> stack.add(true);
            case 0x89 -> stack.add(false);
            case 'J' -> stack.add((long) in.getInt());
            case 'K' -> stack.add(in.get() & 0xFFL);
            case 'M' -> stack.add(in.getShort() & 0xFFFFL);
            case 0x8A -> stack.add(longNumber());
            case 'G' ->
                stack.add(Double.longBitsToDouble(
                        Long.reverseBytes(in.getLong()))); // the one number with its high end first
            case 'X' -> stack.add(text(in.getInt() & 0xFFFFFFFFL));
            case 0x8C -> stack.add(text(in.get() & 0xFFL));
            case 0x8D -> stack.add(text(in.getLong()));
            case ']' -> stack.add(new ArrayList<>());
            case ')' -> stack.add(List.of());
            case '}' -> stack.add(new LinkedHashMap<>());
            case 'a', 'e' -> append(code == 'e' ? sinceMark() : last(1));
            case 't' -> stack.add(sinceMark());
            case 0x85, 0x86, 0x87 -> stack.add(last(code - 0x84));
            case 's', 'u' -> put(code == 'u' ? sinceMark() : last(2));
            case 'q' -> memo.put(in.get() & 0xFF, top());
            case 'r' -> memo.put(in.getInt(), top());
            case 0x94 -> memo.put(memo.size(), top());
            case 'h' -> stack.add(remembered(in.get() & 0xFF));
            case 'j' -> stack.add(remembered(in.getInt()));
            case 'c' -> stack.add(named(line() + "." + line()));
            case 0x93 -> {
                List<Object> parts = last(2);
                if (!(parts.get(0) instanceof String module && parts.get(1) instanceof String name)) throw broken();
                stack.add(named(module + "." + name));
            }
            case 'Q' -> stack.add(storage(pop()));
            case 'R' -> {
                List<Object> call = last(2);
                stack.add(call(call.get(0), call.get(1)));
            }
            default ->
                throw new Refused(String.format(
                        Locale.ROOT,
                        "its pickle has the instruction 0x%02X, which neither tensors nor plain data need",
                        code));
        }
    }

    /** Only what is known to be harmless can be named at all. */
    private static Named named(String name) {
        boolean element = name.startsWith("torch.")
                && TorchTensor.Element.ofStorage(name.substring("torch.".length()))
                        .isPresent();
        if (element || name.equals(TENSOR) || name.equals(ORDERED)) return new Named(name);
        throw new Refused("its pickle names " + shown(name) + ", which is neither a tensor nor plain data");
    }

    private static String shown(String name) {
        String clean = name.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= 80 ? clean : clean.substring(0, 80) + "…";
    }

    private static Object call(Object what, Object with) {
        List<?> arguments = with instanceof List<?> list ? list : List.of();
        if (what instanceof Named(String name) && name.equals(ORDERED) && arguments.isEmpty())
            return new LinkedHashMap<>();
        if (what instanceof Named(String name) && name.equals(TENSOR) && arguments.size() >= 4)
            return tensor(arguments);
        throw new Refused("its pickle calls something that does not make a tensor");
    }

    /** {@code (storage, offset, shape, strides, …)}: whether gradients are wanted, and hooks, are of no use here. */
    private static TorchTensor tensor(List<?> arguments) {
        if (arguments.get(0) instanceof Storage(TorchTensor.Element element, String key, long size)
                && arguments.get(1) instanceof Long offset
                && arguments.get(2) instanceof List<?> shape
                && arguments.get(3) instanceof List<?> strides) {
            return new TorchTensor(element, key, size, offset, whole(shape), whole(strides));
        }
        throw new Refused("its pickle has a tensor that is not put together as PyTorch does it");
    }

    private static long[] whole(List<?> numbers) {
        return numbers.stream()
                .mapToLong(it -> it instanceof Long number ? number : -1)
                .toArray();
    }

    /** {@code ("storage", type, key, device, size)}. */
    private static Storage storage(Object id) {
        if (id instanceof List<?> parts
                && parts.size() == 5
                && "storage".equals(parts.get(0))
                && parts.get(1) instanceof Named(String type)
                && parts.get(2) instanceof String key
                && parts.get(4) instanceof Long size) {
            Optional<TorchTensor.Element> element =
                    TorchTensor.Element.ofStorage(type.substring(type.lastIndexOf('.') + 1));
            if (element.isPresent()) return new Storage(element.get(), key, size);
        }
        throw new Refused("its pickle points to something that is not a tensor's storage");
    }

    private void append(List<Object> items) {
        if (!(top() instanceof ArrayList<?>)) throw broken();
        @SuppressWarnings("unchecked") // the one kind of ArrayList here is the one that ']' makes
        List<Object> list = (ArrayList<Object>) top();
        list.addAll(items);
    }

    private void put(List<Object> items) {
        if (!(top() instanceof LinkedHashMap<?, ?>) || items.size() % 2 != 0) throw broken();
        @SuppressWarnings("unchecked") // the one kind of map here is the one that '}' makes
        Map<Object, Object> map = (LinkedHashMap<Object, Object>) top();
        for (int i = 0; i < items.size(); i += 2) {
            switch (items.get(i)) {
                case String key -> map.put(key, items.get(i + 1));
                case Long key -> map.put(key, items.get(i + 1));
                case null, default ->
                    throw new Refused("its pickle has a dictionary whose keys are neither texts nor numbers");
            }
        }
    }

    private Object top() {
        if (stack.isEmpty() || stack.getLast() == Mark.MARK) throw broken();
        return stack.getLast();
    }

    private Object pop() {
        Object top = top();
        stack.removeLast();
        return top;
    }

    private List<Object> last(int count) {
        if (stack.size() < count) throw broken();
        return taken(stack.size() - count);
    }

    private List<Object> sinceMark() {
        int mark = stack.lastIndexOf(Mark.MARK);
        if (mark < 0) throw broken();
        List<Object> items = taken(mark + 1);
        stack.removeLast();
        return items;
    }

    private List<Object> taken(int from) {
        List<Object> above = stack.subList(from, stack.size());
        if (above.contains(Mark.MARK)) throw broken();
        List<Object> items = Collections.unmodifiableList(new ArrayList<>(above));
        above.clear();
        return items;
    }

    private Object remembered(int number) {
        if (!memo.containsKey(number)) throw broken();
        return memo.get(number);
    }

    private long longNumber() {
        int length = in.get() & 0xFF;
        if (length > Long.BYTES) throw new Refused("its pickle has a number of " + length + " bytes");
        byte[] bytes = new byte[length];
        in.get(bytes);
        long number = length > 0 && bytes[length - 1] < 0 ? -1 : 0;
        for (int i = length - 1; i >= 0; i--) number = number << 8 | bytes[i] & 0xFF;
        return number;
    }

    private String text(long length) {
        if (length < 0 || length > in.remaining()) throw new BufferUnderflowException();
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() {
        int start = in.position();
        while (in.get() != '\n') {
            // up to the line's end
        }
        return new String(in.array(), start, in.position() - 1 - start, StandardCharsets.UTF_8);
    }

    private static Refused broken() {
        return new Refused("its pickle is broken");
    }
}
