package dev.shunt.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of paths. */
class PathTemplatesTest {
  @ParameterizedTest
  @CsvSource({
    "/, /",
    "*, *",
    "/users/42, /users/{id}",
    "/users/42/, /users/{id}/",
    "/api/v1/orders/2026-11-30/items, /api/v1/orders/{id}/items",
    "/f/123e4567-e89b-12d3-a456-426614174000, /f/{id}",
    "/commit/deadbeef00, /commit/{id}",
    "/facade, /facade",
    "/login/alice@example.org, /login/{id}",
    "/files/a%20b, /files/{id}",
    "/t/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc, /t/{id}",
    "/grpc.health.v1.Health/Check, /grpc.health.v1.Health/Check",
    "/opentelemetry.proto.collector.trace.v1.TraceService/Export,"
        + " /opentelemetry.proto.collector.trace.v1.TraceService/Export",
    "/static/app.3f2a9b8c.js, /static/{id}",
    "db:5432, {other}",
  })
  void path_withNames_isATemplate(String path, String template) {
    assertThat(new PathTemplates().of(path)).isEqualTo(template);
  }

  @Test
  void templates_tooMany_areOther() {
    PathTemplates templates = new PathTemplates();
    for (int i = 0; i < 500; i++) {
      String path = "/" + "x".repeat(i % 20 + 1) + "/" + "y".repeat(i / 20 + 1);
      assertThat(templates.of(path)).isEqualTo(path);
    }

    assertThat(templates.of("/one/more")).isEqualTo(PathTemplates.OTHER);
    assertThat(templates.of("/x/y")).isEqualTo("/x/y");
  }
}
