package io.kubernetes.client.openapi;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import io.gsonfire.GsonFireBuilder;
import io.kubernetes.client.gson.V1MetadataExclusionStrategy;
import io.kubernetes.client.gson.V1StatusPreProcessor;
import io.kubernetes.client.openapi.models.V1Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.text.DateFormat;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Date;

/**
 * Stands in front of the class of this name in client-java, which loads three classes for each of
 * its 717 kinds as soon as anything of it is used: 10 MiB of a node. This one loads those of a kind
 * when the kind is first read or written. All else is as there, but that kinds in the values of a
 * map are read unchecked; {@code JsonTest} holds it to that. It can go when the client does it
 * itself. Thread-safe.
 */
public class JSON {
  private static final DateTimeFormatter RFC3339_MICRO =
      new DateTimeFormatterBuilder()
          .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
          .append(DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss"))
          .optionalStart()
          .appendFraction(ChronoField.NANO_OF_SECOND, 6, 6, true)
          .optionalEnd()
          .appendLiteral("Z")
          .toFormatter();

  private static final TypeAdapter<?> DATE = adapter("DateTypeAdapter");
  private static final TypeAdapter<?> SQL_DATE = adapter("SqlDateTypeAdapter");
  private static final TypeAdapter<?> OFFSET_DATE_TIME = adapter("OffsetDateTimeTypeAdapter");
  private static final TypeAdapter<?> LOCAL_DATE = adapter("LocalDateTypeAdapter");

  private static volatile Gson gson = gson();
  private static volatile boolean lenient;

  private static Gson gson() {
    setOffsetDateTimeFormat(RFC3339_MICRO);
    Gson plain =
        createGson()
            .registerTypeAdapter(Date.class, DATE)
            .registerTypeAdapter(java.sql.Date.class, SQL_DATE)
            .registerTypeAdapter(OffsetDateTime.class, OFFSET_DATE_TIME)
            .registerTypeAdapter(LocalDate.class, LOCAL_DATE)
            .registerTypeAdapter(byte[].class, adapter("ByteArrayAdapter"))
            .create();
    return plain.newBuilder().registerTypeAdapterFactory(new Kinds(plain)).create();
  }

  /**
   * The adapter that the client has for a kind, over one that reads its fields as they are: the
   * former checks all that is below, so that nothing below needs to check again.
   */
  private record Kinds(Gson plain) implements TypeAdapterFactory {
    @Override
    public <T> TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
      Class<?> kind = type.getRawType();
      if (!kind.getPackage().equals(V1Status.class.getPackage())) {
        return null;
      }
      try {
        return make(TypeAdapterFactory.class, kind.getName() + "$CustomTypeAdapterFactory")
            .create(plain, type);
      } catch (ClassNotFoundException notGenerated) {
        return null;
      }
    }
  }

  /** One of those inside of the class that this one hides. */
  private static TypeAdapter<?> adapter(String type) {
    try {
      return make(TypeAdapter.class, JSON.class.getName() + "$" + type);
    } catch (ClassNotFoundException odd) {
      throw new LinkageError(odd.getMessage(), odd);
    }
  }

  private static <T> T make(Class<T> type, String name) throws ClassNotFoundException {
    try {
      return Class.forName(name).asSubclass(type).getConstructor().newInstance();
    } catch (ClassNotFoundException absent) {
      throw absent;
    } catch (ReflectiveOperationException odd) {
      throw new LinkageError("make " + name + " failed", odd);
    }
  }

  private static void setFormat(TypeAdapter<?> adapter, Class<?> type, Object format) {
    try {
      adapter.getClass().getMethod("setFormat", type).invoke(adapter, format);
    } catch (ReflectiveOperationException odd) {
      throw new LinkageError("set format of " + adapter.getClass() + " failed", odd);
    }
  }

  public static GsonBuilder createGson() {
    return new GsonFireBuilder()
        .registerPreProcessor(V1Status.class, new V1StatusPreProcessor())
        .createGsonBuilder()
        .setExclusionStrategies(new V1MetadataExclusionStrategy());
  }

  public static Gson getGson() {
    return gson;
  }

  public static void setGson(Gson gson) {
    JSON.gson = gson;
  }

  public static void setLenientOnJson(boolean lenientOnJson) {
    lenient = lenientOnJson;
  }

  public static String serialize(Object object) {
    return gson.toJson(object);
  }

  /** Text that is no JSON is the answer where one asked for text. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the client's signature
  public static <T> T deserialize(String body, Type type) {
    try {
      return read(new StringReader(body), type);
    } catch (JsonParseException bad) {
      if (type.equals(String.class)) {
        return (T) body;
      }
      throw bad;
    }
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // the client's signature
  public static <T> T deserialize(InputStream body, Type type) throws IOException {
    try (Reader reader = new InputStreamReader(body, StandardCharsets.UTF_8)) {
      return read(reader, type);
    }
  }

  @SuppressWarnings({"TypeParameterUnusedInFormals", "deprecation"}) // setLenient: the client's
  private static <T> T read(Reader body, Type type) {
    if (!lenient) {
      return gson.fromJson(body, type);
    }
    JsonReader reader = new JsonReader(body);
    reader.setLenient(true);
    return gson.fromJson(reader, type);
  }

  public static void setOffsetDateTimeFormat(DateTimeFormatter format) {
    setFormat(OFFSET_DATE_TIME, DateTimeFormatter.class, format);
  }

  public static void setLocalDateFormat(DateTimeFormatter format) {
    setFormat(LOCAL_DATE, DateTimeFormatter.class, format);
  }

  public static void setDateFormat(DateFormat format) {
    setFormat(DATE, DateFormat.class, format);
  }

  public static void setSqlDateFormat(DateFormat format) {
    setFormat(SQL_DATE, DateFormat.class, format);
  }
}
