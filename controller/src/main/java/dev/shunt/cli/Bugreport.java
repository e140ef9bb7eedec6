package dev.shunt.cli;

import dev.shunt.v1.Connection;
import dev.shunt.v1.GetStatsRequest;
import dev.shunt.v1.GetStatsResponse;
import dev.shunt.v1.GetStatusRequest;
import dev.shunt.v1.ListConnectionsRequest;
import dev.shunt.v1.ListTraitsRequest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects what a maintainer asks for first. A part that cannot be had is replaced by a note that
 * says why, so that a dead node still gives a report. Used once.
 */
final class Bugreport {
  private static final int LOG_BYTES_MAX = 1024 * 1024;

  private final NodeTarget target;
  private final List<Path> logs;
  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  Bugreport(NodeTarget target, List<Path> logs) {
    this.target = target;
    this.logs = logs;
  }

  int write(Path archive, Output out) {
    collect();
    try {
      TarArchive.write(archive, "shunt-bugreport", entries);
    } catch (FileAlreadyExistsException e) {
      throw new CannotRunException(
          "write " + archive + " failed: file exists (EEXIST/17); choose --file", e);
    } catch (IOException e) {
      throw new CannotRunException("write " + archive + " failed: " + e.getMessage(), e);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("file", archive.toAbsolutePath().toString());
    document.put("entries", List.copyOf(entries.keySet()));
    out.result(
        document, "%s%n%s%n".formatted(archive.toAbsolutePath(), String.join("\n", indented())));
    return ExitCode.OK;
  }

  private void collect() {
    addDocument("version.json", versions());
    addDocument("preflight.json", PreflightReport.document(PreflightReport.findings(Path.of("/"))));
    try {
      NodeSession.run(target, this::collectFromNode);
    } catch (CommandException e) {
      addText("node-error.txt", e.getMessage() + "\n");
    }
    for (Path log : logs) {
      addLog(log);
    }
  }

  private int collectFromNode(NodeSession session) {
    addDocument(
        "status.json",
        MessageTree.of(session.node().getStatus(GetStatusRequest.getDefaultInstance())));
    GetStatsResponse stats = session.node().getStats(GetStatsRequest.getDefaultInstance());
    addDocument("stats.json", StatsDocument.of(stats));
    addDocument(
        "maps.json", Map.of("maps", stats.getMapsList().stream().map(MessageTree::of).toList()));
    List<Connection> connections = new ArrayList<>();
    session
        .node()
        .listConnections(ListConnectionsRequest.getDefaultInstance())
        .forEachRemaining(connections::add);
    addDocument(
        "connections.json",
        Map.of("connections", connections.stream().map(MessageTree::of).toList()));
    addDocument(
        "traits.json",
        MessageTree.of(session.node().listTraits(ListTraitsRequest.getDefaultInstance())));
    return ExitCode.OK;
  }

  private static Map<String, Object> versions() {
    Map<String, Object> versions = new LinkedHashMap<>();
    versions.put("version", VersionCommand.version());
    versions.put("java", System.getProperty("java.version"));
    versions.put("java_vendor", System.getProperty("java.vendor"));
    versions.put("kernel", System.getProperty("os.version"));
    versions.put("architecture", System.getProperty("os.arch"));
    return versions;
  }

  private void addDocument(String name, Map<String, ?> document) {
    addText(name, Json.pretty(document) + "\n");
  }

  private void addText(String name, String text) {
    entries.put(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private void addLog(Path log) {
    String name = "logs/" + entries.size() + "-" + log.getFileName();
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long skipped = Math.max(0, file.length() - LOG_BYTES_MAX);
      byte[] bytes = new byte[(int) (file.length() - skipped)];
      file.seek(skipped);
      file.readFully(bytes);
      entries.put(name, bytes);
    } catch (IOException e) {
      addText(name + ".error", "read " + log + " failed: " + e.getMessage() + "\n");
    }
  }

  private List<String> indented() {
    return entries.keySet().stream().map(name -> "  " + name).toList();
  }
}
