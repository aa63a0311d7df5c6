package io.circuitscript.analysis;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What messages call the machine that a worker runs on. */
final class WorkerHost {
    private WorkerHost() {}

    static String name() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "a worker's machine";
        }
    }
}
