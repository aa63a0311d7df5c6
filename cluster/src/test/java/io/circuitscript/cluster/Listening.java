package io.circuitscript.cluster;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The addresses on which processes wait for connections, as Linux tells them. */
final class Listening {
    private static final String LISTENS = "0A";
    /** 127.0.0.1 as the kernel writes it, and as an address of IPv6. */
    private static final Set<String> LOOPBACK =
            Set.of("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000");

    private Listening() {}

    static boolean isKnown() {
        return Files.isReadable(Path.of("/proc/net/tcp"));
    }

    /** Those of a process and of all that it started; and how many sockets in all. */
    record Found(int sockets, Set<String> reachableFromOutside) {}

    static Found of(List<ProcessHandle> processes) throws IOException {
        Set<String> inodes = new HashSet<>();
        for (ProcessHandle process : processes) {
            addInodes(process.pid(), inodes);
            for (ProcessHandle child : process.descendants().toList()) addInodes(child.pid(), inodes);
        }
        int sockets = 0;
        Set<String> outside = new TreeSet<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            if (!Files.isReadable(Path.of(table))) continue;
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] fields = line.strip().split("\\s+"); // number, local, remote, state, …, inode
                if (fields.length < 10 || !fields[3].equals(LISTENS) || !inodes.contains(fields[9])) continue;
                sockets++;
                String address = fields[1].split(":")[0];
                if (!LOOPBACK.contains(address)) outside.add(address);
            }
        }
        return new Found(sockets, outside);
    }

    private static void addInodes(long process, Set<String> inodes) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/" + process + "/fd"))) {
            for (Path file : files) {
                try {
                    String target = Files.readSymbolicLink(file).toString();
                    if (target.startsWith("socket:[")) inodes.add(target.substring(8, target.length() - 1));
                } catch (IOException closed) {
                    // Meanwhile.
                }
            }
        }
    }
}
