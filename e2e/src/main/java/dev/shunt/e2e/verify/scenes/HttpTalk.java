package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.scene.GrpcAppServer;
import dev.shunt.e2e.scene.NginxApp;
import dev.shunt.e2e.scene.Pod;
import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.SceneRequirements;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * curl talks to a scene's application: bodies of all sizes in both directions, status codes, a slow
 * body, over as few connections as it can. One thread; used once.
 */
final class HttpTalk {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** The first rounds are by TCP: a connection has to show that it lives on. */
  private static final int ROUNDS = 4;

  private static final String MARK = "shunt ";

  /** curl writes what came, which is headers, with a date. */
  private static final String HEAD = "HEAD /64k";

  private static final List<Integer> UPLOADS = List.of(1, 1 << 10, 64 << 10, (1 << 20) + 7);

  private final Pod client;
  private final Protocol protocol;
  private final Path folder;
  private final List<Transfer> transfers = new ArrayList<>();

  /**
   * One request. Immutable.
   *
   * @param title as observations name it
   * @param path of the URL
   * @param options lines of curl's configuration file
   */
  private record Transfer(String title, String path, List<String> options) {}

  /**
   * Prepares the conversation.
   *
   * @param number of the conversation in its bed
   */
  HttpTalk(Pod client, Protocol protocol, int number) {
    this.client = client;
    this.protocol = protocol;
    folder = client.folder("talk-" + number, NginxApp.UID);
    for (int bytes : UPLOADS) {
      write(upload(bytes), HttpApp.text(bytes).getBytes(StandardCharsets.US_ASCII));
      write(message(bytes), framed(HttpApp.text(bytes)));
    }
    for (int round = 1; round <= ROUNDS; round++) {
      if (protocol == Protocol.GRPC) {
        grpcRound(round);
      } else {
        downloads(round);
      }
    }
    if (protocol != Protocol.GRPC) {
      uploads();
    }
  }

  private Path upload(int bytes) {
    return folder.resolve("upload-" + bytes);
  }

  private Path message(int bytes) {
    return folder.resolve("message-" + bytes);
  }

  private static void write(Path file, byte[] bytes) {
    SceneDirectory.write(file, new String(bytes, StandardCharsets.ISO_8859_1), NginxApp.UID);
  }

  /** A gRPC message: not compressed, its length, itself (gRPC over HTTP/2, "DATA"). */
  private static byte[] framed(String text) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.write(0);
    message.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(text.length()).array());
    message.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    return message.toByteArray();
  }

  private void downloads(int round) {
    HttpApp.BODIES.keySet().forEach(path -> add("GET " + path, path));
    for (String path : List.of("/204", "/301", "/404", "/503")) {
      add("GET " + path, path);
    }
    add(HEAD, "/64k", "head");
    add("GET /64k, 100 bytes of it", "/64k", "range = \"1000-1099\"");
    if (round % 2 == 0) {
      add("GET " + HttpApp.SLOW, HttpApp.SLOW);
    }
  }

  /** Last: nginx asks FIONREAD when it reads bodies, for which a node may take it back to TCP. */
  private void uploads() {
    for (int round = 1; round <= ROUNDS; round++) {
      for (int bytes : UPLOADS) {
        String path = "/put/" + round + "/" + bytes;
        add("PUT " + bytes, path, "upload-file = \"" + upload(bytes) + "\"");
        add("GET what was put", path);
      }
    }
  }

  private void grpcRound(int round) {
    for (int bytes : UPLOADS) {
      grpc("Echo " + bytes, GrpcAppServer.ECHO_PATH, bytes);
    }
    grpc("Fail", GrpcAppServer.FAIL_PATH, UPLOADS.get(0));
    grpc("no such method, round " + round, "/no.such.Service/Method", UPLOADS.get(0));
  }

  private void grpc(String title, String path, int bytes) {
    add(
        title,
        path,
        "header = \"content-type: application/grpc\"",
        "header = \"te: trailers\"",
        "data-binary = \"@" + message(bytes) + "\"");
  }

  private void add(String title, String path, String... options) {
    transfers.add(new Transfer(title, path, List.of(options)));
  }

  /**
   * Runs curl.
   *
   * @param entrance {@code address:port}
   */
  Map<String, String> observe(String entrance) {
    Path config = folder.resolve("curl.conf");
    SceneDirectory.write(config, configuration(entrance), NginxApp.UID);
    List<String> argv = List.of(SceneRequirements.program("curl"), "-q", "-K", config.toString());
    SceneProcess curl = client.start(folder.getFileName() + "", NginxApp.UID, argv);
    curl.awaitExit(LIMIT); // its exit code is that of the last transfer; each has its own
    List<String> lines = curl.log().lines().filter(line -> line.startsWith(MARK)).toList();
    Map<String, String> seen = new LinkedHashMap<>();
    for (int i = 0; i < transfers.size(); i++) {
      String said = i < lines.size() ? lines.get(i).substring(MARK.length()) : "no answer";
      seen.put("%03d %s".formatted(i + 1, transfers.get(i).title()), said + received(i));
    }
    return seen;
  }

  private String configuration(String entrance) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < transfers.size(); i++) {
      Transfer transfer = transfers.get(i);
      List<String> lines = new ArrayList<>();
      lines.add(protocol == Protocol.HTTP1 ? "http1.1" : "http2-prior-knowledge");
      lines.add("url = \"http://" + entrance + transfer.path() + "\"");
      lines.add("output = \"" + folder.resolve("body-" + i) + "\"");
      lines.add("dump-header = \"" + folder.resolve("head-" + i) + "\"");
      lines.add("silent");
      lines.add("max-time = 30");
      lines.add(
          "write-out = \""
              + MARK
              + "exit %{exitcode}, status %{http_code}, new connections %{num_connects}\\n\"");
      lines.addAll(transfer.options());
      lines.add("next");
      text.append(String.join("\n", lines)).append('\n');
    }
    return text.substring(0, text.length() - "next\n".length());
  }

  /** Body and the state of a gRPC call; other headers hold dates. */
  private String received(int number) {
    Path body = folder.resolve("body-" + number);
    Path head = folder.resolve("head-" + number);
    try {
      boolean isHead = transfers.get(number).title().equals(HEAD) || !Files.exists(body);
      String print = Behaviour.fingerprint(isHead ? new byte[0] : Files.readAllBytes(body));
      String status =
          Files.exists(head)
              ? Files.readString(head, StandardCharsets.ISO_8859_1)
                  .lines()
                  .filter(line -> line.startsWith("grpc-status:"))
                  .findFirst()
                  .map(line -> ", " + line.strip())
                  .orElse("")
              : "";
      return ", " + print + status;
    } catch (IOException e) {
      throw new SceneException("read what " + client.name() + " received failed: " + e, e);
    }
  }
}
