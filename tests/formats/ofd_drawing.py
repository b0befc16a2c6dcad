"""Draws a page of an OFD from what our reader gives and the fonts that the file carries; for people and for tests."""

import io

from PIL import Image, ImageDraw, ImageFont

DOTS = 6  # to a millimetre


def colour(value):
    parts = [int(float(each)) for each in value.split()] if value else [0, 0, 0]
    return tuple(parts) if len(parts) == 3 else (0, 0, 0)


def draw_page(file, document, page):
    """Return a picture of a page; letters of fonts that the file does not carry are boxes."""
    picture = Image.new("RGB", (round(page.box.width * DOTS), round(page.box.height * DOTS)), "white")
    pen = ImageDraw.Draw(picture)
    media = {each.id: each.part for each in document.media}
    for image in page.images:
        shown = Image.open(io.BytesIO(file.parts[media[image.resource]])).convert("RGB")
        size = (max(1, round(image.box.width * DOTS)), max(1, round(image.box.height * DOTS)))
        picture.paste(shown.resize(size), (round(image.box.x * DOTS), round(image.box.y * DOTS)))
    for path in page.paths:
        draw_path(pen, path)
    fonts = {each.id: file.parts.get(each.part) for each in document.fonts}
    for run in page.texts:
        draw_run(pen, run, fonts[run.font])
    return picture


def draw_path(pen, path):
    words, points = path.commands.split(), []
    while words:
        command = words.pop(0)
        if command in "ML":
            if command == "M":
                points = []
            x, y = float(words.pop(0)), float(words.pop(0))
            points.append(((path.box.x + x) * DOTS, (path.box.y + y) * DOTS))
            if path.stroke and len(points) > 1:
                width = max(1, round(path.line_width * DOTS))
                pen.line(points[-2:], fill=colour(path.stroke_colour), width=width)
        elif command == "C" and path.fill:
            pen.polygon(points, fill=colour(path.fill_colour))


def draw_run(pen, run, program):
    x = run.x
    size = run.size * DOTS
    font = ImageFont.truetype(io.BytesIO(program), size) if program else None
    for letter, step in zip(run.text, (*run.advances, 0), strict=False):
        if font is not None:
            pen.text((x * DOTS, run.y * DOTS), letter, font=font, fill=colour(run.colour), anchor="ls")
        else:
            box = ((x + 0.05) * DOTS, run.y * DOTS - 0.8 * size, x * DOTS + 0.8 * size, run.y * DOTS)
            pen.rectangle(box, outline="red")
        x += step
