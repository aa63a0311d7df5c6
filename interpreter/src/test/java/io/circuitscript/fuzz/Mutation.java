package io.circuitscript.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/** Changes of bytes and of tokens, by chance. */
final class Mutation {
    private static final List<String> NUMBERS = List.of(
            "0",
            "-1",
            "1",
            "2",
            "0.5",
            "1e309",
            "-1e-400",
            "4294967296",
            "2147483647",
            "9223372036854775807",
            "-9223372036854775808",
            "99999999999999999999",
            "1024",
            "65536",
            "1e9",
            "7".repeat(2000));

    private static final List<String> JSON = List.of(
            "null",
            "true",
            "false",
            "\"\"",
            "[]",
            "{}",
            "[[]]",
            "NaN",
            "\"x\"",
            "\"\\u0000\"",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "[".repeat(1100) + "]".repeat(1100),
            "\"" + "x".repeat(60_000) + "\"");

    private static final Pattern JSON_TOKEN =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|-?[0-9][0-9.eE+-]*|[a-zA-Z]+|\\s+|.", Pattern.DOTALL);

    private final Random random;

    Mutation(Random random) {
        this.random = random;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    String number() {
        return any(NUMBERS);
    }

    /** Bytes changed, cut out, doubled or put in, at up to four places. */
    byte[] bytes(byte[] original) {
        byte[] bytes = original.clone();
        for (int change = random.nextInt(4); change >= 0; change--) bytes = changed(bytes);
        return bytes;
    }

    private byte[] changed(byte[] bytes) {
        if (bytes.length == 0) return new byte[] {(byte) random.nextInt(256)};
        int at = random.nextInt(bytes.length);
        int length = Math.min(bytes.length - at, 1 + random.nextInt(random.nextInt(10) == 0 ? 2000 : 12));
        byte[] one = bytes.clone();
        switch (random.nextInt(7)) {
            case 0 -> one[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> one[at] = (byte) random.nextInt(256);
            case 2 -> {
                return joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at + length, bytes.length));
            }
            case 3 -> {
                return joined(Arrays.copyOf(bytes, at + length), Arrays.copyOfRange(bytes, at, bytes.length));
            }
            case 4 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 5 -> Arrays.fill(one, at, at + length, (byte) (random.nextBoolean() ? 0 : 0xFF));
            default -> {
                byte[] text = any(List.of("\"", ",", "\n", "\r", "\0", "\uFEFF", "{", "]", "9999999999", "-"))
                        .getBytes(StandardCharsets.UTF_8);
                return joined(Arrays.copyOf(bytes, at), joined(text, Arrays.copyOfRange(bytes, at, bytes.length)));
            }
        }
        return one;
    }

    private static byte[] joined(byte[] a, byte[] b) {
        var out = new ByteArrayOutputStream(a.length + b.length);
        out.writeBytes(a);
        out.writeBytes(b);
        return out.toByteArray();
    }

    /** JSON with some of its tokens changed; now and then some of its bytes. */
    byte[] json(byte[] original) {
        if (random.nextInt(5) == 0) return bytes(original);
        List<String> tokens = new ArrayList<>();
        var token = JSON_TOKEN.matcher(new String(original, StandardCharsets.UTF_8));
        while (token.find()) tokens.add(token.group());
        for (int change = random.nextInt(4); change >= 0; change--) token(tokens, tokens, JSON);
        return String.join("", tokens).getBytes(StandardCharsets.UTF_8);
    }

    /** One token removed, doubled, replaced or moved. @param others where tokens come from, {@code special} too */
    void token(List<String> tokens, List<String> others, List<String> special) {
        if (tokens.isEmpty()) return;
        int at = random.nextInt(tokens.size());
        for (int tries = 0; tries < 5 && tokens.get(at).isBlank(); tries++) at = random.nextInt(tokens.size());
        boolean number =
                Character.isDigit(tokens.get(at).charAt(0)) || tokens.get(at).startsWith("-");
        if (number && random.nextInt(3) > 0) {
            tokens.set(at, number());
            return;
        }
        switch (random.nextInt(6)) {
            case 0 -> tokens.remove(at);
            case 1 -> tokens.add(at, tokens.get(at));
            case 2 -> tokens.set(at, any(others));
            case 3 -> tokens.add(at, any(others));
            case 4 -> tokens.set(at, any(special));
            default -> java.util.Collections.swap(tokens, at, random.nextInt(tokens.size()));
        }
    }
}
