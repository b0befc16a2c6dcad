"""标准规范体系: outbox, jobs, number series, published answers."""
