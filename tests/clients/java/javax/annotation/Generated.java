package javax.annotation;

/** Left Java with version 11; what openapi-generator writes still names it. */
public @interface Generated {
    String value();

    String comments() default "";
}
