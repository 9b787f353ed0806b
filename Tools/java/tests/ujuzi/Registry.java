package ujuzi;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real server on a fresh folder and a free port, with a few officers and credentials. */
final class Registry implements AutoCloseable {
  static final int OFFICERS = 40;
  static final int CREDENTIALS = 30;
  private static final Pattern READY = Pattern.compile("ready on 127\\.0\\.0\\.1:(\\d+)");
  private static final ConcurrentLinkedQueue<Registry> ALL = new ConcurrentLinkedQueue<>();
  private static Registry shared;

  private final Path folder;
  private final boolean isSecured;
  private int port;
  private Process server;

  Registry() throws Exception {
    this(false);
  }

  /** With TLS the program's own development keys are used: see {@code pem}. */
  Registry(boolean isSecured) throws Exception {
    this.isSecured = isSecured;
    folder = Files.createTempDirectory("ujuzi-java.");
    ALL.add(this);
    for (String name : isSecured ? List.of("keys", "strange") : List.<String>of()) {
      Process keys =
          new ProcessBuilder(program(), "keys", "dev", "--out", path(name))
              .redirectOutput(folder.resolve("said").toFile())
              .start();
      Check.equal(0, keys.waitFor());
    }
    start();
    record();
  }

  /** One for all tests that do not stop it. */
  static synchronized Registry shared() throws Exception {
    if (shared == null) {
      shared = new Registry();
    }
    return shared;
  }

  static void stopAll() {
    ALL.forEach(Registry::close);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  /** The authority, a certificate and its key: of registrar, agency, auditor or server. */
  List<String> pem(String who) {
    return List.of(path("keys/ca.pem"), path("keys/" + who + ".pem"), path("keys/" + who + ".key"));
  }

  /** A certificate by an authority that the server does not know. */
  List<String> strangePem() {
    return List.of(path("keys/ca.pem"), path("strange/agency.pem"), path("strange/agency.key"));
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  void start() throws IOException {
    List<String> command =
        new ArrayList<>(List.of(program(), "serve", "--data", path("data"), "--listen", address()));
    if (isSecured) {
      List<String> pem = pem("server");
      command.addAll(List.of("--tls-roots", pem.get(0), "--tls-certificate", pem.get(1)));
      command.addAll(List.of("--tls-key", pem.get(2), "--roles", path("keys/roles.json")));
    }
    server =
        new ProcessBuilder(command)
            .redirectError(folder.resolve("log").toFile())
            .start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
    String line;
    while ((line = said.readLine()) != null) {
      Matcher found = READY.matcher(line);
      if (found.find()) {
        port = Integer.parseInt(found.group(1));
        return;
      }
    }
    throw new AssertionError("no server: " + Files.readString(folder.resolve("log")));
  }

  /** As a machine that loses its power does to it. */
  void kill() throws InterruptedException {
    server.destroyForcibly().waitFor();
  }

  /** SIGTERM: it finishes what is open. */
  void tellToStop() {
    server.destroy();
  }

  @Override
  public void close() {
    try {
      kill();
      try (java.util.stream.Stream<Path> files = Files.walk(folder)) {
        for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    } catch (IOException | InterruptedException error) {
      return;
    }
  }

  private static String program() {
    String program = System.getenv("UJUZI");
    Check.that(program != null, "UJUZI names the program");
    return program;
  }

  private void record() throws Exception {
    List<String> officers = new ArrayList<>();
    officers.add("personnel_no,name,organisation,position,cadre,grade,county,posted_on");
    List<String> completions = new ArrayList<>();
    completions.add(
        "personnel_no,name,course,cohort,completed_on,result,score,certificate_no,"
            + "valid_until,assessment,award");
    for (int i = 1; i <= OFFICERS; i++) {
      officers.add(
          String.format(
              "2022-%06d,Example Officer %d,moict,ict-officer,ict,J,nairobi,2020-07-01", i, i));
      if (i <= CREDENTIALS) {
        completions.add(
            String.format(
                "2022-%06d,Example Officer %d,cyber-basics,cyber-2022-1,2022-06-30,passed,80,"
                    + "HETA/2022/%04d,2032-06-29,proctored,",
                i, i, i));
      }
    }
    Path officersFile = Files.write(folder.resolve("officers.csv"), officers);
    Path completionsFile = Files.write(folder.resolve("completions.csv"), completions);
    run("record", System.getenv("UJUZI_ROOT") + "/Tools/samples/cases.jsonl");
    run("import", "officers", officersFile.toString(), "--source", "hr");
    run("record", completionsFile.toString(), "--source", "heta");
  }

  private void run(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(program()));
    command.addAll(List.of(words));
    command.add("--quiet");
    Path said = folder.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().put("UJUZI_SERVER", address());
    if (isSecured) {
      List<String> pem = pem("registrar");
      builder.environment().put("UJUZI_TLS_ROOTS", pem.get(0));
      builder.environment().put("UJUZI_TLS_CERTIFICATE", pem.get(1));
      builder.environment().put("UJUZI_TLS_KEY", pem.get(2));
    }
    int status = builder.start().waitFor();
    Check.that(status == 0, command + ": " + Files.readString(said));
  }
}
