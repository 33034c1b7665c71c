"""A small knowledge base of our own."""

from __future__ import annotations

from datetime import UTC, datetime

from kb_index.article import Article

NOW = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)
TOWN = {
    "residence": ("居住证怎么办理", "持身份证和租房合同到居住地派出所申请，工作人员当场受理。"),
    "id-lost": ("身份证丢了怎么补办", "带户口簿到任一派出所补领，工本费四十元。"),
    "driving": ("机动车驾驶证到期怎么换证", "有效期满前九十日内可在交管网上平台换领新证。"),
    "fund-rent": ("租房提取住房公积金需要什么材料", "无房职工凭租赁备案每季度提取一次。"),
    "pension": ("灵活就业人员怎么缴纳养老保险", "到社保所办理参保登记，按月从银行卡扣缴。"),
    "heating": ("冬天家里暖气不热怎么办", "先联系供热单位上门测温，二十四小时内未处理可以投诉。"),
    "noise": ("夜间施工噪声扰民怎么投诉", "晚上十点到早上六点禁止施工，请说明工地位置和时间。"),
    "dog": ("养犬登记去哪里办", "带犬只照片和免疫证明到居住地派出所登记，每年年检。"),
    "school": ("非本市户籍儿童入学怎么报名", "五月在义务教育入学服务平台采集信息，街道审核。"),
    "marriage": ("结婚登记需要带什么", "双方带身份证、户口簿和合影到婚姻登记处。"),
    "licence": ("个体工商户营业执照怎么办", "登录企业登记平台填写信息，三个工作日内领照。"),
    "parking": ("小区消防通道被私家车占用怎么举报", "请说明小区名称和楼号，由街道通知挪车。"),
    "bus-card": ("老年人免费乘车卡怎么申领", "年满六十五岁，到街道办事处申领。"),
    "water": ("自来水管爆裂找谁修", "拨打自来水集团抢修电话，两小时内到场。"),
    "rubbish": ("大件旧家具怎么清运", "向物业或居委会预约，放到指定地点。"),
    "passport": ("普通护照过期了怎么换发", "在出入境管理大厅办理，七个工作日取证。"),
    "wages": ("单位拖欠工资去哪里投诉", "向劳动监察大队反映，带劳动合同和工资记录。"),
    "medical": ("异地就医住院费用怎么直接结算", "先在医保平台备案，出院时持社保卡结算。"),
    "birth": ("新生儿怎么上户口", "父母带出生医学证明到户籍地派出所办理。"),
    "street-lamp": ("路灯不亮向谁反映", "请告诉我们路名和灯杆编号，转城市照明中心维修。"),
}


def an_article(external_id: str = "residence", **changes: object) -> Article:
    question, answer = TOWN.get(external_id, (f"{external_id}怎么办理", "请到窗口办理。"))
    fields = {"external_id": external_id, "question": question, "answer": answer, "version": 1}
    return Article(**(fields | changes))  # type: ignore[arg-type]
