package io.circuitscript.notebook.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.notebook.protocol.ConnectionFile.Channel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * The kernel's sockets, on JeroMQ alone: the kernel libraries for Java that stand on it end a channel's thread at the first message that is wrongly signed,
 * and answer none while a cell runs. One thread owns all sockets, so that what is sent arrives in the order in which it was sent,
 * whichever thread did.
 */
public final class Channels implements AutoCloseable {
    /** Takes the requests of a channel, on the sockets' own thread: it must be quick. @param lost is told where no more can come */
    public record Requests(Consumer<Message> shell, Consumer<Message> control, Runnable lost) {}

    private static final String IPC = "ipc://";
    private static final String WAKE = "inproc://wake";
    private static final byte[] NOTHING = {};

    /** How long what was sent may take to leave when the kernel ends. */
    private static final int LINGER_MILLIS = 1_000;

    /** How many messages wait for a client that is slow. */
    private static final int MOST_WAITING = 20_000;

    private final ZContext context = new ZContext();
    private final WireFormat wire;
    private final Requests requests;
    private final ZMQ.Socket shell;
    private final ZMQ.Socket control;
    private final ZMQ.Socket stdin;
    private final ZMQ.Socket iopub;
    private final ZMQ.Socket heartbeat;
    private final ZMQ.Socket woken;
    private final ZMQ.Socket waker;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean open = true;

    /** Binds the sockets. @throws BadConnectionFile where that cannot be done */
    public static Channels open(ConnectionFile file, Requests requests) throws BadConnectionFile {
        return new Channels(file, requests);
    }

    private Channels(ConnectionFile file, Requests requests) throws BadConnectionFile {
        this.wire = new WireFormat(new Signature(file.algorithm(), file.key()), Clock.systemUTC());
        this.requests = requests;
        context.setLinger(LINGER_MILLIS);
        try {
            shell = bound(SocketType.ROUTER, file, Channel.SHELL);
            control = bound(SocketType.ROUTER, file, Channel.CONTROL);
            stdin = bound(SocketType.ROUTER, file, Channel.STDIN);
            iopub = bound(SocketType.PUB, file, Channel.IOPUB);
            heartbeat = bound(SocketType.REP, file, Channel.HB);
            woken = context.createSocket(SocketType.PULL);
            woken.bind(WAKE);
            waker = context.createSocket(SocketType.PUSH);
            waker.connect(WAKE);
        } catch (BadConnectionFile e) {
            context.close();
            throw e;
        }
        thread = Thread.ofPlatform().daemon().name("channels").unstarted(this::loop);
        thread.start();
    }

    private ZMQ.Socket bound(SocketType type, ConnectionFile file, Channel channel) throws BadConnectionFile {
        String address = file.addresses().get(channel);
        try {
            ZMQ.Socket socket = context.createSocket(type);
            socket.setMaxMsgSize(WireFormat.LARGEST_FRAME);
            socket.setSndHWM(MOST_WAITING);
            socket.setLinger(LINGER_MILLIS);
            if (address.startsWith(IPC)) requireFolder(Path.of(address.substring(IPC.length())));
            if (address.startsWith("tcp://[")) socket.setIPv6(true);
            socket.bind(address);
            return socket;
        } catch (ZMQException | IllegalArgumentException e) {
            throw new BadConnectionFile("nothing can listen at " + address + ": " + e.getMessage());
        }
    }

    /** The library waits for ever where a socket's file can never be. */
    private static void requireFolder(Path file) throws BadConnectionFile {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder))
            throw new BadConnectionFile("nothing can be made in the folder of its ip, " + folder);
    }

    /** Sends back what comes, once all of it is here: it tells that the process lives. Nothing of it is signed. */
    private void beat() {
        for (List<byte[]> frames = message(heartbeat); !frames.isEmpty(); frames = message(heartbeat))
            sendAll(heartbeat, frames.subList(0, Math.min(frames.size(), WireFormat.MOST_FRAMES)));
    }

    private void loop() {
        try (ZMQ.Poller poller = context.createPoller(5)) {
            poller.register(woken, ZMQ.Poller.POLLIN);
            poller.register(control, ZMQ.Poller.POLLIN);
            poller.register(shell, ZMQ.Poller.POLLIN);
            poller.register(stdin, ZMQ.Poller.POLLIN);
            poller.register(heartbeat, ZMQ.Poller.POLLIN);
            while (open) {
                poller.poll(-1);
                if (poller.pollin(0)) while (woken.recv(ZMQ.DONTWAIT) != null) {} // one run of the tasks is enough
                receive(control, requests.control());
                receive(shell, requests.shell());
                receive(stdin, ignored -> {}); // no statement asks for input
                beat();
                runTasks();
            }
        } finally {
            if (open) requests.lost().run();
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) task.run();
    }

    /** Passes on all messages that have come. What is none is dropped: whoever sent it has no right to an answer. */
    private void receive(ZMQ.Socket socket, Consumer<Message> to) {
        for (List<byte[]> frames = message(socket); !frames.isEmpty(); frames = message(socket)) {
            try {
                to.accept(wire.read(frames));
            } catch (BadMessage dropped) {
                // Not even said: a sender without the key could fill the log.
            }
        }
    }

    /** The frames of the next message that has come, or of one with too many frames the first; none where no message has come. */
    private static List<byte[]> message(ZMQ.Socket socket) {
        List<byte[]> frames = new ArrayList<>();
        for (byte[] frame = socket.recv(ZMQ.DONTWAIT);
                frame != null;
                frame = socket.hasReceiveMore() ? socket.recv() : null)
            if (frames.size() <= WireFormat.MOST_FRAMES) frames.add(frame);
        return frames;
    }

    private static void sendAll(ZMQ.Socket socket, List<byte[]> frames) {
        for (int i = 0; i < frames.size(); i++) socket.send(frames.get(i), i + 1 < frames.size() ? ZMQ.SNDMORE : 0);
    }

    /** Sends the answer to a request of the shell channel. */
    public void reply(Message request, String type, ObjectNode content) {
        send(shell, wire.message(type, request.identities(), request.header(), Message.object(), content));
    }

    /** Sends the answer to a request of the control channel. */
    public void replyControl(Message request, String type, ObjectNode content) {
        send(control, wire.message(type, request.identities(), request.header(), Message.object(), content));
    }

    /** Sends to every client. @param parent the header of the request that it is about; empty for none */
    public void publish(ObjectNode parent, String type, ObjectNode metadata, ObjectNode content) {
        byte[] topic = ("kernel." + type).getBytes(StandardCharsets.US_ASCII);
        send(iopub, wire.message(type, List.of(topic), parent, metadata, content));
    }

    private void send(ZMQ.Socket socket, Message message) {
        List<byte[]> frames = wire.frames(message);
        run(() -> sendAll(socket, frames));
    }

    /** Has the sockets' own thread do something, after what it was given before. */
    private void run(Runnable task) {
        tasks.add(task);
        synchronized (waker) {
            if (open) waker.send(NOTHING, ZMQ.DONTWAIT);
        }
    }

    /** Returns once every request that has come was passed on, and everything that was sent before is with the system. */
    public void settle() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        run(() -> run(done::countDown)); // a whole round lies between the two
        done.await();
    }

    @Override
    public void close() {
        run(() -> open = false);
        try {
            thread.join(LINGER_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        context.close();
    }
}
