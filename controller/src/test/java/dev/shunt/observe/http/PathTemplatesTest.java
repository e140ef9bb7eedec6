package dev.shunt.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of paths. */
class PathTemplatesTest {
  private static final String SHOP = "shop";
  private static final String MORE = "/one/more";
  private static final int TRIED = 500;

  private long now;
  private final PathTemplates templates = new PathTemplates(() -> now);

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
    "/static/app.abcdef12.js, /static/{id}",
    "db:5432, {other}",
  })
  void path_withNames_isATemplate(String path, String template) {
    assertThat(templates.of(SHOP, path)).isEqualTo(template);
  }

  @Test
  void templates_tooMany_areOther() {
    assertThat(scan(SHOP)).isEqualTo(TRIED);

    assertThat(templates.of(SHOP, MORE)).isEqualTo(PathTemplates.OTHER);
    assertThat(templates.of(SHOP, path(0))).isEqualTo(path(0));
  }

  @Test
  void workload_besideOthersThatAreScanned_hasItsTemplates() {
    for (int scanned = 0; scanned < 8; scanned++) {
      assertThat(scan("scanned" + scanned)).isPositive();
    }

    assertThat(templates.of("scanned7", MORE)).isEqualTo(PathTemplates.OTHER);
    for (int i = 0; i < 100; i++) {
      String path = "/shop" + path(i);
      assertThat(templates.of(SHOP, path)).isEqualTo(path);
    }
  }

  @Test
  void templates_anHourAfterAScan_haveRoomAgain() {
    assertThat(scan(SHOP)).isEqualTo(TRIED);
    now += Duration.ofMinutes(59).toNanos();
    assertThat(templates.of(SHOP, MORE)).isEqualTo(PathTemplates.OTHER);
    now += Duration.ofMinutes(1).toNanos();

    assertThat(templates.of(SHOP, MORE)).isEqualTo(MORE);
  }

  /** Somebody tries paths; how many are told apart. */
  private int scan(String owner) {
    int told = 0;
    for (int i = 0; i < TRIED; i++) {
      told += templates.of(owner, path(i)).equals(path(i)) ? 1 : 0;
    }
    return told;
  }

  private static String path(int number) {
    return "/" + "do".repeat(number % 20 + 1) + "/" + "re-".repeat(number / 20 + 1) + "mi";
  }
}
