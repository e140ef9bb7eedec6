package dev.shunt.e2e.bench.report;

import dev.shunt.cli.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Writes the page: a template of this build with the result's document inside, drawn by the page's
 * own script. Pure but for the file.
 */
public final class HtmlReport {
  private static final String TEMPLATE = "report.html";
  private static final String PLANE_TEMPLATE = "plane.html";
  private static final String PLACE = "/*DOCUMENT*/null";

  private HtmlReport() {}

  /**
   * Writes or replaces the page.
   *
   * @param document as {@code shunt bench -o json} prints it
   * @throws IOException it cannot be written
   */
  public static void write(Map<String, Object> document, Path file) throws IOException {
    Files.writeString(file, page(document));
  }

  /**
   * The same for the control plane.
   *
   * @param document as {@code shunt bench control-plane -o json} prints it
   * @throws IOException it cannot be written
   */
  public static void writePlane(Map<String, Object> document, Path file) throws IOException {
    Files.writeString(file, page(PLANE_TEMPLATE, document));
  }

  static String page(Map<String, Object> document) throws IOException {
    return page(TEMPLATE, document);
  }

  private static String page(String name, Map<String, Object> document) throws IOException {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      String template =
          new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
      // "</script>" in a name would end the script
      return template.replace(PLACE, Json.line(document).replace("<", "\\u003c"));
    }
  }
}
