package dev.shunt.cli;

import dev.shunt.v1.Connection;
import dev.shunt.v1.Event;
import dev.shunt.v1.EventType;
import dev.shunt.v1.WatchEventsRequest;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A stream of events for people and for scripts. Not thread safe. */
final class EventsReport {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  /** Fields of a connection that no event sets; reason and errno are the event's own. */
  private static final Set<String> UNKNOWN =
      Set.of(
          "tcp_state",
          "reason",
          "last_pass_reason",
          "peer_cookie",
          "age",
          "messages_redirected",
          "messages_passed",
          "errno_value",
          "turns");

  private static final Set<EventType> STEPLESS =
      Set.of(
          EventType.EVENT_TYPE_CLOSE,
          EventType.EVENT_TYPE_TRAIT,
          EventType.EVENT_TYPE_STAND_DOWN,
          EventType.EVENT_TYPE_RESUME,
          EventType.EVENT_TYPE_NEIGHBOUR,
          EventType.EVENT_TYPE_NEIGHBOUR_GONE);

  private static final Set<EventType> OF_ENDPOINTS =
      Set.of(
          EventType.EVENT_TYPE_STAND_DOWN,
          EventType.EVENT_TYPE_RESUME,
          EventType.EVENT_TYPE_NEIGHBOUR,
          EventType.EVENT_TYPE_NEIGHBOUR_GONE);

  private final Output out;
  private final WatchEventsRequest request;
  private final int limit;

  private EventsReport(Output out, WatchEventsRequest request, int limit) {
    this.out = out;
    this.request = request;
    this.limit = limit;
  }

  /**
   * A report of some types of events.
   *
   * @param types by name; empty means all
   * @param limit ends after so many; 0 means never
   * @throws ParameterException for a type that does not exist
   */
  static EventsReport of(Output out, CommandSpec spec, List<String> types, int limit) {
    if (limit < 0) {
      throw new ParameterException(
          spec.commandLine(), "--limit: " + limit + " (expected: 0 or more)");
    }
    List<EventType> wanted = Names.parse(spec, "--type", types, EventType.values());
    return new EventsReport(
        out, WatchEventsRequest.newBuilder().addAllTypes(wanted).build(), limit);
  }

  int write(NodeSession session) {
    Iterator<Event> events = session.stream().watchEvents(request);
    int written = 0;
    while ((limit == 0 || written < limit) && events.hasNext()) {
      Event event = events.next();
      Map<String, Object> document = out.isText() ? Map.of() : document(event);
      if (!out.item(document, out.isText() ? text(event) : "")) {
        break;
      }
      written++;
    }
    return ExitCode.OK;
  }

  /** Without what an event does not tell of its connection: no field is there for show. */
  private static Map<String, Object> document(Event event) {
    Map<String, Object> document = MessageTree.of(event);
    Map<String, Object> connection = MessageTree.of(event.getConnection());
    if (OF_ENDPOINTS.contains(event.getType())) {
      connection.keySet().retainAll(Set.of("endpoint"));
    }
    connection.keySet().removeAll(UNKNOWN);
    if (STEPLESS.contains(event.getType())) {
      connection.remove("step");
    }
    document.put("connection", connection);
    return document;
  }

  private String text(Event event) {
    Connection connection = event.getConnection();
    Instant time = Instant.ofEpochSecond(event.getTime().getSeconds(), event.getTime().getNanos());
    String lost =
        event.getLost() == 0
            ? ""
            : out.paint().warning("%s events lost here%n".formatted(event.getLost()));
    if (OF_ENDPOINTS.contains(event.getType())) {
      return lost
          + "%s  %-6s  %s  %s%n"
              .formatted(
                  CLOCK.format(time),
                  Names.of(event.getType()),
                  connection.getEndpoint().isEmpty() ? "host" : connection.getEndpoint(),
                  event.getDetail());
    }
    String line =
        "%s  %-6s  %s -> %s  %s%s"
            .formatted(
                CLOCK.format(time),
                Names.of(event.getType()),
                Addresses.local(connection),
                Addresses.remote(connection),
                connection.getNamespace(),
                suffix(event));
    return lost + line.stripTrailing() + "\n";
  }

  private static String suffix(Event event) {
    Connection connection = event.getConnection();
    String reason = Names.of(event.getReason());
    boolean counted = connection.getBytesRedirected() + connection.getBytesPassed() != 0;
    return (reason.equals("none") ? "" : "  " + reason)
        + (event.getErrnoValue() == 0 ? "" : "  errno " + event.getErrnoValue())
        + (event.getTraitsCount() == 0 ? "" : "  " + String.join(",", event.getTraitsList()))
        + (counted
            ? "  redirected %s, by TCP %s"
                .formatted(
                    Units.bytes(connection.getBytesRedirected()),
                    Units.bytes(connection.getBytesPassed()))
            : "");
  }
}
