package io.circuitscript.notebook.protocol;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs messages and checks signatures. A signature is accepted once: who records a message cannot send it again. */
final class Signature {
    /** How many signatures are remembered; a message repeats none, since its identifier is in it. */
    private static final int REMEMBERED = 1 << 16;

    private final Mac mac;
    private final Set<String> seen = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });

    Signature(String algorithm, byte[] key) {
        try {
            mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has these algorithms, and takes any key
        }
    }

    synchronized byte[] of(List<byte[]> parts) {
        parts.forEach(mac::update);
        return HexFormat.of().formatHex(mac.doFinal()).getBytes(StandardCharsets.US_ASCII);
    }

    synchronized void check(byte[] signature, List<byte[]> parts) throws BadMessage {
        byte[] right = of(parts);
        if (!MessageDigest.isEqual(right, signature)) throw new BadMessage("its signature is wrong");
        if (!seen.add(new String(right, StandardCharsets.US_ASCII))) throw new BadMessage("it was sent before");
    }
}
