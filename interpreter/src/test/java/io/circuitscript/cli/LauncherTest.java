package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a project, with a JDK and a Maven, that are all stand-ins: what it finds, builds, waits for and says. */
@Timeout(60)
final class LauncherTest {
    private record Ended(int exitCode, String out, String err) {}

    @TempDir
    private Path temporary;

    private Path project;
    private Path tools;
    private Path home;

    @BeforeEach
    void layOut() throws IOException {
        project = temporary.resolve("a project");
        home = temporary.resolve("home");
        tools = temporary.resolve("tools");
        for (String folder : List.of("grammar/src", "stdlib/src", "interpreter/src/main", "cluster/src/main"))
            Files.createDirectories(project.resolve(folder));
        for (String file : List.of(
                "pom.xml",
                "grammar/pom.xml",
                "stdlib/pom.xml",
                "interpreter/pom.xml",
                "interpreter/src/main/A.java",
                "cluster/pom.xml",
                "cluster/src/main/B.java")) {
            Files.writeString(project.resolve(file), "");
        }
        Files.copy(Path.of("../circuit"), project.resolve("circuit"));
        executable(project.resolve("circuit"), Files.readString(project.resolve("circuit")));
        Files.createDirectories(home);
        Files.createDirectories(tools);
        executable(tools.resolve("mvn"), """
                #!/bin/sh
                echo "built with $JAVA_HOME" >>built
                sleep 0.3
                mkdir -p interpreter/target
                echo jar >interpreter/target/circuitscript.jar
                echo "$JAVA_HOME" >interpreter/target/jdk-home
                case "$*" in
                  *-Pcluster*)
                    echo "$*" >>built-for-spark
                    mkdir -p cluster/target/spark/jars
                    echo jar >cluster/target/circuitscript-cluster.jar
                    echo "$JAVA_HOME" >cluster/target/jdk-home
                    ;;
                esac
                """);
    }

    /** A JDK that prints what it was called with. */
    private Path jdk(Path where, String version) throws IOException {
        Files.createDirectories(where.resolve("bin"));
        Files.writeString(where.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        executable(where.resolve("bin/javac"), "#!/bin/sh\n");
        executable(
                where.resolve("bin/java"), "#!/bin/sh\necho \"java " + version + "\"\nfor a; do echo \"$a\"; done\n");
        return where;
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Process start(Path launcher, Map<String, String> variables, String... arguments) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(temporary.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", tools + ":/usr/bin:/bin");
        environment.put("HOME", home.toString());
        environment.putAll(variables);
        return builder.start();
    }

    private static Ended ended(Process process) throws IOException, InterruptedException {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        return new Ended(process.exitValue(), out, err);
    }

    private Ended circuit(Map<String, String> variables, String... arguments) throws Exception {
        return ended(start(project.resolve("circuit"), variables, arguments));
    }

    private long builds() throws IOException {
        Path log = project.resolve("built");
        return Files.exists(log) ? Files.readAllLines(log).size() : 0;
    }

    @Test
    void buildsOnFirstUseThenRunsWithoutAWord() throws Exception {
        Map<String, String> jdk = Map.of(
                "CIRCUIT_JAVA_HOME", jdk(temporary.resolve("jdk 25"), "25.0.3").toString());
        Ended first = circuit(jdk, "run", "a file.circuit", "");
        assertEquals(0, first.exitCode, first.err);
        assertEquals(1, first.err.lines().count(), first.err);
        assertTrue(first.err.startsWith("circuit: building"), first.err);
        List<String> lines = first.out.lines().toList();
        assertEquals("java 25.0.3", lines.getFirst());
        assertEquals(List.of("run", "a file.circuit", ""), lines.subList(lines.size() - 3, lines.size()));
        Ended second = circuit(jdk, "--version");
        assertEquals("", second.err);
        assertEquals(1, builds());
    }

    /** A released archive is not built, and takes no Java but its own. */
    @Test
    void anUnpackedArchiveRunsOnItsOwnJava() throws Exception {
        Path unpacked = temporary.resolve("an archive");
        Path launcher = Files.createDirectories(unpacked.resolve("bin")).resolve("circuit");
        executable(launcher, Files.readString(Path.of("../circuit")));
        Path jar = Files.createDirectories(unpacked.resolve("app")).resolve("circuitscript.jar");
        Files.writeString(jar, "");
        Path app = jar.getParent().toRealPath();
        Path java = jdk(unpacked.resolve("runtime"), "25").resolve("bin/java");
        Path other = jdk(temporary.resolve("jdk"), "26");
        Path link = Files.createSymbolicLink(tools.resolve("linked"), launcher);
        for (Path called : List.of(launcher, link)) {
            Ended run = ended(start(called, Map.of("CIRCUIT_JAVA_HOME", other.toString()), "run", "a.circuit"));
            assertEquals(0, run.exitCode, run.err);
            assertEquals("", run.err);
            List<String> lines = run.out.lines().toList();
            assertEquals("java 25", lines.getFirst());
            assertEquals(
                    List.of(
                            jar.toRealPath() + ":" + app.resolve("circuitscript-notebook.jar") + ":"
                                    + app.resolve("circuitscript-editor.jar"),
                            "io.circuitscript.cli.Main",
                            "run",
                            "a.circuit"),
                    lines.subList(lines.size() - 4, lines.size()));
            assertTrue(lines.contains("-Dcircuit.launcher=" + launcher.toRealPath()), run.out);
        }
        Ended cluster = ended(start(launcher, Map.of(), "run", "a.circuit", "--cluster", "local[2]"));
        assertEquals(69, cluster.exitCode);
        assertTrue(cluster.err.startsWith("error: --cluster needs Apache Spark"), cluster.err);
        assertTrue(cluster.err.contains("source checkout"), cluster.err);
        assertTrue(java.toFile().setExecutable(false, false));
        Ended broken = ended(start(launcher, Map.of()));
        assertEquals(70, broken.exitCode);
        assertTrue(broken.err.contains("unpack the archive again"), broken.err);
        assertEquals(0, builds());
    }

    /** Without a UTF-8 locale Java loses names beyond ASCII; one that is named and not installed is none. */
    @Test
    void aLocaleThatIsNotThereIsReplaced() throws Exception {
        Path jdk = jdk(temporary.resolve("jdk"), "25");
        executable(jdk.resolve("bin/java"), "#!/bin/sh\necho \"$LC_ALL\"\n");
        for (String locale : List.of("C", "POSIX", "de_DE", "xx_XX.UTF-8")) {
            assertEquals(
                    "C.UTF-8\n", circuit(Map.of("CIRCUIT_JAVA_HOME", jdk.toString(), "LC_ALL", locale)).out, locale);
            assertEquals("C.UTF-8\n", circuit(Map.of("CIRCUIT_JAVA_HOME", jdk.toString(), "LANG", locale)).out, locale);
        }
        assertEquals("C.UTF-8\n", circuit(Map.of("CIRCUIT_JAVA_HOME", jdk.toString())).out);
    }

    @Test
    void buildsAgainWhereASourceIsNewer() throws Exception {
        Map<String, String> jdk =
                Map.of("CIRCUIT_JAVA_HOME", jdk(temporary.resolve("jdk"), "25").toString());
        circuit(jdk);
        Files.setLastModifiedTime(
                project.resolve("interpreter/src/main/A.java"),
                FileTime.from(Instant.now().plusSeconds(1)));
        assertEquals("circuit: sources have changed; building\n", circuit(jdk).err);
        assertEquals(2, builds());
    }

    private long buildsForSpark() throws IOException {
        Path log = project.resolve("built-for-spark");
        return Files.exists(log) ? Files.readAllLines(log).size() : 0;
    }

    private static String classPath(Ended run) {
        List<String> lines = run.out.lines().toList();
        return lines.get(lines.indexOf("-cp") + 1);
    }

    /** Spark is fetched by nobody else. */
    @Test
    void aRunOnAClusterBuildsItsModuleFirst() throws Exception {
        Map<String, String> jdk =
                Map.of("CIRCUIT_JAVA_HOME", jdk(temporary.resolve("jdk"), "25").toString());
        String jar = project.toRealPath()
                .resolve("cluster/target/circuitscript-cluster.jar")
                .toString();
        Ended without = circuit(jdk, "run", "a.circuit", "-D", "x=--cluster");
        assertEquals(0, buildsForSpark());
        assertTrue(!classPath(without).contains("cluster"), without.out);

        Ended first = circuit(jdk, "run", "a.circuit", "--cluster", "local[2]");
        assertEquals(0, first.exitCode, first.err);
        assertEquals(1, first.err.lines().count(), first.err);
        assertTrue(first.err.startsWith("circuit: building the module for --cluster"), first.err);
        assertTrue(classPath(first).endsWith(":" + jar), first.out);
        Ended second = circuit(jdk, "--cluster=spark://head:7077", "run", "a.circuit");
        assertEquals("", second.err);
        assertTrue(classPath(second).endsWith(":" + jar), second.out);
        assertEquals(1, buildsForSpark());
        assertEquals(2, builds());

        Files.setLastModifiedTime(
                project.resolve("cluster/src/main/B.java"),
                FileTime.from(Instant.now().plusSeconds(1)));
        assertEquals("", circuit(jdk, "run", "a.circuit").err);
        assertEquals(
                "circuit: sources have changed; building the module for --cluster\n",
                circuit(jdk, "run", "a.circuit", "--cluster", "yarn").err);
        assertEquals(2, buildsForSpark());
    }

    /** Without a network the rest of the program stays as it is. */
    @Test
    void aModuleThatCannotBeBuiltCostsNothingElse() throws Exception {
        Map<String, String> jdk =
                Map.of("CIRCUIT_JAVA_HOME", jdk(temporary.resolve("jdk"), "25").toString());
        circuit(jdk);
        executable(
                tools.resolve("mvn"),
                "#!/bin/sh\necho '[ERROR] Could not resolve spark-core' | tee -a built\nexit 1\n");
        Ended run = circuit(jdk, "run", "a.circuit", "--cluster", "local[2]");
        assertEquals(70, run.exitCode);
        assertTrue(run.err.contains("[ERROR] Could not resolve spark-core"), run.err);
        assertTrue(run.err.contains("error: the module for --cluster could not be built; the whole log is"), run.err);
        assertEquals(List.of(), lockLeft());
        assertEquals("", circuit(jdk, "run", "a.circuit").err);
        assertEquals(2, builds());
    }

    /** What Spark starts on this machine is started from what the module brought, and listens to nobody else. */
    @Test
    void aClusterOfThisMachineStaysInIt() throws Exception {
        Path jdk = jdk(temporary.resolve("jdk"), "25");
        executable(
                jdk.resolve("bin/java"),
                "#!/bin/sh\necho \"$SPARK_HOME $SPARK_LOCAL_IP\"\nfor a; do echo \"$a\"; done\n");
        Map<String, String> variables =
                Map.of("CIRCUIT_JAVA_HOME", jdk.toString(), "SPARK_HOME", "/opt/spark", "SPARK_LOCAL_IP", "10.0.0.1");
        String home = project.toRealPath().resolve("cluster/target/spark").toString();
        Ended local = circuit(variables, "run", "a.circuit", "--cluster", "local-cluster[2,1,2048]");
        assertEquals(home + " 127.0.0.1", local.out.lines().findFirst().orElseThrow());
        Ended other = circuit(variables, "run", "a.circuit", "--cluster", "spark://head:7077");
        assertEquals("/opt/spark 10.0.0.1", other.out.lines().findFirst().orElseThrow());
        assertTrue(!other.out.contains("log4j"), other.out);
        Map<String, String> logging = new java.util.HashMap<>(variables);
        logging.put("CIRCUIT_CLUSTER_LOG", "spark.log");
        Files.writeString(project.resolve("cluster/target/spark/jars/log4j-slf4j2-impl-2.0.jar"), "");
        Ended logged = circuit(logging, "run", "a.circuit", "--cluster", "spark://head:7077");
        assertTrue(classPath(logged).endsWith(home + "/jars/log4j-slf4j2-impl-2.0.jar"), logged.out);
        assertTrue(logged.out.contains("-Dlog4j2.configurationFile="), logged.out);
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        Map<String, String> jdk = Map.of(
                "CIRCUIT_JAVA_HOME", jdk(temporary.resolve("jdk"), "26-ea").toString());
        List<Process> processes = List.of(
                start(project.resolve("circuit"), jdk),
                start(project.resolve("circuit"), jdk),
                start(project.resolve("circuit"), jdk));
        for (Process process : processes) assertEquals(0, ended(process).exitCode);
        assertEquals(1, builds());
    }

    @Test
    void aBuildThatDiedHoldsNobodyUp() throws Exception {
        Map<String, String> jdk =
                Map.of("CIRCUIT_JAVA_HOME", jdk(temporary.resolve("jdk"), "25").toString());
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.createDirectories(project.resolve("target"));
        Files.createSymbolicLink(project.resolve("target/build.lock"), Path.of(Long.toString(dead.pid())));
        assertEquals(0, circuit(jdk).exitCode);
        assertEquals(1, builds());
    }

    @Test
    void runsThroughALinkFromAnywhere() throws Exception {
        Map<String, String> jdk =
                Map.of("CIRCUIT_JAVA_HOME", jdk(temporary.resolve("jdk"), "25").toString());
        Path link = Files.createSymbolicLink(tools.resolve("circuit"), Path.of("../a project/circuit"));
        assertEquals(0, ended(start(link, jdk)).exitCode);
        assertEquals(1, builds());
    }

    @Test
    void passesOverAnOlderJdkToTheOneOnThePath() throws Exception {
        Path found = jdk(temporary.resolve("jdks/99"), "99");
        Files.createSymbolicLink(tools.resolve("java"), found.resolve("bin/java"));
        Ended run = circuit(
                Map.of("JAVA_HOME", jdk(temporary.resolve("old"), "21.0.2").toString()));
        assertEquals(0, run.exitCode, run.err);
        assertEquals("java 99", run.out.lines().findFirst().orElseThrow());
        assertEquals(List.of("built with " + found), Files.readAllLines(project.resolve("built")));
    }

    @Test
    void aNamedJdkThatIsNoneIsAMistake() throws Exception {
        Ended run = circuit(Map.of(
                "CIRCUIT_JAVA_HOME", jdk(temporary.resolve("old"), "21.0.2").toString()));
        assertEquals(69, run.exitCode);
        assertTrue(
                run.err.contains(
                        "CIRCUIT_JAVA_HOME is " + temporary.resolve("old") + ", and there is no JDK 25 or later"),
                run.err);
        assertEquals(0, builds());
    }

    @Test
    void saysWhatIsMissingWithoutMaven() throws Exception {
        String path = onlyTools("find", "readlink", "mkdir", "ln", "rm").toString();
        Map<String, String> variables =
                Map.of("CIRCUIT_JAVA_HOME", jdk(temporary.resolve("jdk"), "25").toString(), "PATH", path);
        Ended run = circuit(variables);
        assertEquals(69, run.exitCode);
        assertTrue(run.err.contains("there is no mvn on the PATH"), run.err);
        assertEquals(List.of(), lockLeft());
    }

    @Test
    void aFailedBuildShowsItsErrorsAndLeavesNoLock() throws Exception {
        executable(tools.resolve("mvn"), "#!/bin/sh\necho noise\necho '[ERROR] A.java: cannot find symbol'\nexit 1\n");
        Map<String, String> jdk =
                Map.of("CIRCUIT_JAVA_HOME", jdk(temporary.resolve("jdk"), "25").toString());
        Ended run = circuit(jdk);
        assertEquals(70, run.exitCode);
        assertTrue(run.err.contains("[ERROR] A.java: cannot find symbol"), run.err);
        assertTrue(
                run.err.contains("error: the build failed; the whole log is " + project + "/target/build.log"),
                run.err);
        assertTrue(!run.err.contains("noise"), run.err);
        assertEquals(List.of(), lockLeft());
    }

    /** Else Java's first file would take the stream's number, and be read or written to in its place. */
    @Test
    void closedStreamsAreNoFilesOfJavas() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/fd")), "only Linux shows what streams are");
        circuit(Map.of());
        Path jdk = jdk(temporary.resolve("telling"), "25.0.1");
        executable(
                jdk.resolve("bin/java"),
                "#!/bin/sh\nall=\nfor i in 0 1 2; do all=\"$all $(readlink /proc/$$/fd/$i)\"; done\necho \"$all\" >"
                        + temporary.resolve("streams") + "\n");
        String[] command = {"/bin/sh", "-c", "exec '" + project.resolve("circuit") + "' <&- >&- 2>&-"};
        ProcessBuilder builder = new ProcessBuilder(command).directory(temporary.toFile());
        builder.environment().put("CIRCUIT_JAVA_HOME", jdk.toString());
        assertEquals(0, ended(builder.start()).exitCode());
        assertEquals(" /dev/null /dev/null /dev/null\n", Files.readString(temporary.resolve("streams")));
    }

    /** What runs the launcher with a limit of the shell's. */
    private Process limited(String limit, Path jdk) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        "/bin/sh", "-c", "ulimit " + limit + "; exec '" + project.resolve("circuit") + "'")
                .directory(temporary.toFile());
        builder.environment().put("CIRCUIT_JAVA_HOME", jdk.toString());
        return builder.start();
    }

    /** 1 means that an expect does not hold: where Java itself ends with it, that is for want of memory, files or processes. */
    @Test
    void aLimitOfTheMachineIsNoOneAsExitCode() throws Exception {
        Path jdk = jdk(temporary.resolve("jdk"), "25");
        circuit(Map.of("CIRCUIT_JAVA_HOME", jdk.toString()));
        Ended files = ended(limited("-n 20", jdk));
        assertEquals(70, files.exitCode);
        assertEquals(
                "error: only 20 files may be open at once here, and CircuitScript needs 100\n  help: ulimit -n 1024\n",
                files.err);
        executable(jdk.resolve("bin/java"), "#!/bin/sh\necho 'Could not reserve enough space' >&2\nexit 1\n");
        Ended memory = ended(limited("-v 9000000", jdk));
        assertEquals(70, memory.exitCode);
        assertTrue(
                memory.err.startsWith(
                        "Could not reserve enough space\nerror: Java came to its end, for want of memory"),
                memory.err);
        assertTrue(memory.err.contains("memory 9000000 kB (ulimit -v)"), memory.err);
        assertTrue(
                memory.err.contains("  help: raise what is limited, or have Java take less memory, as by"), memory.err);
        Ended options = circuit(Map.of("CIRCUIT_JAVA_HOME", jdk.toString(), "CIRCUIT_JAVA_OPTIONS", "-Xmx8q"));
        assertEquals(70, options.exitCode);
        assertTrue(options.err.startsWith("error: Java cannot start: Could not reserve enough space\n"), options.err);
        assertTrue(options.err.contains("CIRCUIT_JAVA_OPTIONS is -Xmx8q"), options.err);
    }

    /** Native code that gets no memory aborts, or goes where there is none. */
    @Test
    void aSignalOfJavasOwnUnderALimitIsAFailure() throws Exception {
        Path jdk = jdk(temporary.resolve("jdk"), "25");
        circuit(Map.of("CIRCUIT_JAVA_HOME", jdk.toString()));
        for (String signal : List.of("ILL", "ABRT", "BUS", "FPE", "SEGV")) {
            executable(jdk.resolve("bin/java"), "#!/bin/sh\nulimit -c 0\necho \"$*\"\nkill -" + signal + " $$\n");
            Ended ended = ended(limited("-v 9000000", jdk));
            assertEquals(70, ended.exitCode, signal + ": " + ended.err);
            assertTrue(ended.err.contains("error: Java came to its end, for want of memory"), ended.err);
            assertTrue(ended.err.contains("memory 9000000 kB (ulimit -v)"), ended.err);
            assertTrue(
                    ended.out.startsWith("-XX:ErrorFile=/dev/null "), "no report in the working folder: " + ended.out);
        }
        Ended unlimited = circuit(Map.of(
                "CIRCUIT_JAVA_HOME", jdk(temporary.resolve("another"), "25").toString()));
        assertTrue(!unlimited.out.contains("ErrorFile"), "a defect leaves its report: " + unlimited.out);
    }

    /** With a limit the launcher waits for Java: what Java reads, gets as signals and ends with is the same as without. */
    @Test
    void aWaitingLauncherIsNotSeen() throws Exception {
        Path jdk = jdk(temporary.resolve("jdk"), "25");
        circuit(Map.of("CIRCUIT_JAVA_HOME", jdk.toString()));
        executable(jdk.resolve("bin/java"), "#!/bin/sh\nread line\necho \"$2 read $line\"\nexit 2\n");
        Process reading = limited("-v 9000000", jdk);
        try (var in = reading.outputWriter()) {
            in.write("a script\n");
        }
        Ended differs = ended(reading);
        assertEquals("-Dcircuit.differs=2 read a script\n", differs.out);
        assertEquals(1, differs.exitCode, differs.err);
        executable(
                jdk.resolve("bin/java"),
                "#!/bin/sh\ntrap 'echo saved; exit 75' TERM HUP\ntrap 'exit 130' INT\necho ready\nwhile :; do sleep 0.05; done\n");
        for (String signal : List.of("TERM", "HUP")) {
            Process process = limited("-v 9000000", jdk);
            var out = process.inputReader();
            assertEquals("ready", out.readLine());
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertEquals("saved", out.readLine());
            assertEquals(75, process.waitFor(), signal);
        }
        assertEquals(130, interruptedAsAGroup(jdk));
    }

    /** Ctrl-C at a terminal comes to the launcher and to Java. */
    private int interruptedAsAGroup(Path jdk) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                "setsid",
                "env",
                "--default-signal=INT",
                "/bin/sh",
                "-c",
                "ulimit -v 9000000; exec '" + project.resolve("circuit") + "'");
        builder.environment().put("CIRCUIT_JAVA_HOME", jdk.toString());
        Process process = builder.directory(temporary.toFile()).start();
        assertEquals("ready", process.inputReader().readLine());
        new ProcessBuilder("kill", "-INT", "--", "-" + process.pid()).start().waitFor();
        return process.waitFor();
    }

    private List<Path> lockLeft() throws IOException {
        try (var files = Files.list(project.resolve("target"))) {
            return files.filter(file -> file.endsWith("build.lock")).toList();
        }
    }

    private Path onlyTools(String... names) throws IOException {
        Path folder = Files.createDirectories(temporary.resolve("few tools"));
        for (String name : names) {
            Path real = Files.exists(Path.of("/usr/bin", name)) ? Path.of("/usr/bin", name) : Path.of("/bin", name);
            executable(folder.resolve(name), "#!/bin/sh\nexec " + real + " \"$@\"\n");
        }
        return folder;
    }
}
